import { useEffect, useRef, useState } from 'preact/hooks';

/** A value that tells those who listen when it changes. */
export class Store<T> {
  readonly #listeners = new Set<() => void>();
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    this.tell();
  }

  /** What the value holds has changed, though it is the same. */
  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  patch(change: Partial<T>): void {
    this.set({ ...this.#value, ...change });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Draws a component anew when what `select` takes from the store changes; `select` returns a plain or kept value. */
export function useStore<T, R>(store: Store<T>, select: (value: T) => R): R {
  const [, draw] = useState(0);
  const selected = select(store.value);
  const latest = useRef({ select, selected });
  latest.current = { select, selected };
  useEffect(() => {
    const update = () => {
      // What it selects may depend on what the component was drawn with last.
      if (!Object.is(latest.current.select(store.value), latest.current.selected)) draw((count) => count + 1);
    };
    update();
    return store.subscribe(update);
  }, [store]);
  return selected;
}

/** Seconds since the epoch, drawn anew each second while `ticking`. */
export function useNow(ticking: boolean): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now() / 1000);
    const timer = setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}
