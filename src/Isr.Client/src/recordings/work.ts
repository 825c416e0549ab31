import { Store } from '../store';

interface Work {
  /** What goes on, as "Selecting"; null when nothing does. */
  readonly words: string | null;
  readonly done: number;
  readonly of: number;
  /** A sentence about what was done last. */
  readonly said: string | null;
  readonly failed: boolean;
}

const idle: Work = { words: null, done: 0, of: 0, said: null, failed: false };

/** What is being done with many recordings; one thing at a time. */
export const work = new Store<Work>(idle);

let running: AbortController | null = null;

/**
 * Does it, unless something else goes on. It tells how far it is by `step`; the sentence that it gives is said, or the one that it throws.
 */
export async function doing(words: string, of: number, act: (step: (done: number) => void, signal: AbortSignal) => Promise<string | null>): Promise<void> {
  if (running !== null) return;
  running = new AbortController();
  const { signal } = running;
  work.set({ ...idle, words, of });
  try {
    const said = await act((done) => work.patch({ done }), signal);
    work.set({ ...idle, said });
  } catch (error) {
    work.set(signal.aborted ? idle : { ...idle, said: (error as Error).message, failed: true });
  } finally {
    running = null;
  }
}

export function stop(): void {
  running?.abort();
}

export function say(said: string | null, failed = false): void {
  if (running === null) work.set({ ...idle, said, failed });
}
