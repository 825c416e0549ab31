import { useEffect, useRef } from 'preact/hooks';
import { Store, useStore } from '../store';
import { focusMain } from './shelf';

interface Trouble {
  readonly sentence: string;
  readonly retry: () => void;
}

const troubles = new Store<ReadonlyMap<string, Trouble>>(new Map());

/** Something of which what is shown may be old. It is said over the list, which stays where it is; null when all is well. */
export function useTrouble(key: string, sentence: string | null, retry: () => void): void {
  const latest = useRef(retry);
  latest.current = retry;
  useEffect(() => {
    if (sentence === null) return;
    troubles.set(new Map(troubles.value).set(key, { sentence, retry: () => latest.current() }));
    return () => {
      const rest = new Map(troubles.value);
      rest.delete(key);
      troubles.set(rest);
    };
  }, [key, sentence]);
}

/** The first of them; as a rule all have one reason. */
export function Troubles() {
  const all = useStore(troubles, (value) => value);
  const [first] = all.values();
  if (first === undefined) return null;
  const retry = () => {
    focusMain();
    for (const trouble of all.values()) trouble.retry();
  };
  return (
    <div class="troubled">
      <span role="alert">{first.sentence}{all.size > 1 && ` And ${all.size - 1} more like that.`}</span>
      <button class="button" onClick={retry}>Retry</button>
    </div>
  );
}
