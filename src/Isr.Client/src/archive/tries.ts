import { useCallback, useEffect, useState } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';

/** What failed for a reason that passes is asked for again after so long. */
export const patience = 10_000;

/** Counts when to ask: when recordings changed, some time after it failed, and when somebody wants it. */
export function useTries(failed: boolean): { tries: number; again: () => void } {
  const { feed } = useDesk();
  const changes = useStore(feed.changes, (count) => count);
  const [own, setOwn] = useState(0);
  const again = useCallback(() => setOwn((count) => count + 1), []);
  useEffect(() => {
    if (!failed) return;
    const timer = setTimeout(again, patience);
    return () => clearTimeout(timer);
  }, [failed, changes, own, again]);
  return { tries: changes + own, again };
}
