import { useMemo } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';

/** Sources that recordings may be of: those that are configured, those of the days at hand, and those of all lists that were seen. */
export function useSourceNames(chosen: string): readonly string[] {
  const { feed, coverage, tracks } = useDesk();
  const seen = useStore(tracks.sources, (names) => names);
  // One text, as statuses come anew many times a minute.
  const now = useStore(feed.data, ({ status }) => (status?.sources ?? []).map(({ name }) => name).join('\n'));
  const then = useStore(coverage.state, ({ value }) => value?.sources ?? null);
  return useMemo(() => {
    const names = new Set([...now.split('\n'), ...(then ?? []).map(({ source }) => source), ...seen, chosen]);
    names.delete('');
    return [...names].toSorted((a, b) => a.localeCompare(b));
  }, [seen, now, then, chosen]);
}
