import { getJson, mayPass } from '../api/client';
import { Store } from '../store';
import { patience } from './tries';

export interface Loaded<T> {
  /** What was got last, for whatever was asked then; kept until something newer is there, so that nothing jumps. */
  value: T | null;
  /** What `value` is the answer to. */
  path: string | null;
  /** Why the newest question has no answer. */
  error: string | null;
}

/** One question at a time: a newer one takes the older one's place. */
export class Latest<T> {
  readonly state = new Store<Loaded<T>>({ value: null, path: null, error: null });
  #asked: string | null = null;
  #running: AbortController | null = null;
  #later: ReturnType<typeof setTimeout> | undefined;

  /** What was asked for last. */
  get asked(): string | null {
    return this.#asked;
  }

  /** Asks, unless it is asked already. */
  ask(path: string): void {
    if (path === this.#asked && this.state.value.error === null) return;
    this.#asked = path;
    void this.again();
  }

  /** Asks the same once more: the answer may be another now. */
  async again(): Promise<void> {
    const path = this.#asked;
    if (path === null) return;
    this.#running?.abort();
    clearTimeout(this.#later);
    const running = new AbortController();
    this.#running = running;
    try {
      const value = await getJson<T>(path, running.signal);
      if (this.#running === running) this.state.set({ value, path, error: null });
    } catch (error) {
      if (this.#running === running) {
        this.state.patch({ error: (error as Error).message });
        if (mayPass(error)) this.#later = setTimeout(() => void this.again(), patience);
      }
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }
}
