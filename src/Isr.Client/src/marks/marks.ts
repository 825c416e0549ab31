import { mayPass, Refusal, request } from '../api/client';
import { patience } from '../archive/tries';
import { Store } from '../store';
import type { Mark } from './mark';

interface MarksState {
  /** Those of the span that was asked for last; what was changed here is in it at once. */
  readonly marks: readonly Mark[];
  readonly error: string | null;
}

/** The server gives no more at once. */
const most = 10_000;
const mostPut = 1000;

type Change = ReadonlyMap<string, Mark | null>;

/**
 * What people say of recordings within a span of days. A change made here is seen at once, sent one after the other, and undone where the
 * server refuses it.
 */
export class Marks {
  readonly state = new Store<MarksState>({ marks: [], error: null });
  #known: ReadonlyMap<string, Mark> = new Map();
  /** Sent or about to be, and not answered. */
  #pending: Change[] = [];
  #path: string | null = null;
  #asking: AbortController | null = null;
  #later: ReturnType<typeof setTimeout> | undefined;
  #sending: Promise<unknown> = Promise.resolve();
  /** Counts what was answered. */
  #changes = 0;

  /** Asks for those that share a moment with these days, unless they are asked for already. */
  ask(from: string, to: string): void {
    const path = `api/marks?from=${from}&to=${to}&limit=${most}`;
    if (path === this.#path && this.state.value.error === null) return;
    this.#path = path;
    void this.again();
  }

  /** Asks the same once more. */
  async again(): Promise<void> {
    if (this.#path === null) return;
    clearTimeout(this.#later);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const changes = this.#changes;
    try {
      const marks = await all(this.#path, asking.signal);
      if (this.#asking !== asking) return;
      // Read before a change was made and answered after it: that change may be missing.
      if (changes !== this.#changes) return void this.again();
      this.#known = new Map(marks.map((mark) => [mark.id, mark]));
      this.#show(null);
    } catch (error) {
      if (this.#asking !== asking) return;
      this.#show((error as Error).message);
      if (mayPass(error)) this.#later = setTimeout(() => void this.again(), patience);
    }
  }

  find(id: string): Mark | null {
    let found = this.#known.get(id) ?? null;
    for (const change of this.#pending) found = change.has(id) ? change.get(id)! : found;
    return found;
  }

  /** Puts and removes marks, which are seen at once. Throws the server's sentence where it refuses; then they are as before. */
  async change(put: readonly Mark[], removed: readonly string[]): Promise<void> {
    const change: Change = new Map([...put.map((mark) => [mark.id, mark] as const), ...removed.map((id) => [id, null] as const)]);
    if (change.size === 0) return;
    this.#pending = [...this.#pending, change];
    this.#show(this.state.value.error);
    const sent = this.#sending.then(() => send(put, removed));
    this.#sending = sent.catch(() => {});
    try {
      const answered = await sent;
      const known = new Map(this.#known);
      for (const id of removed) known.delete(id);
      for (const mark of answered) known.set(mark.id, mark);
      this.#known = known;
      this.#changes++;
    } finally {
      this.#pending = this.#pending.filter((other) => other !== change);
      this.#show(this.state.value.error);
    }
  }

  #show(error: string | null): void {
    const shown = new Map(this.#known);
    for (const change of this.#pending) {
      for (const [id, mark] of change) {
        if (mark === null) shown.delete(id);
        else shown.set(id, mark);
      }
    }
    this.state.set({ marks: [...shown.values()], error });
  }
}

/** As the server has them now: with their times. */
async function send(put: readonly Mark[], removed: readonly string[]): Promise<Mark[]> {
  const steps = Array.from({ length: Math.ceil(put.length / mostPut) }, (_, i) => put.slice(i * mostPut, (i + 1) * mostPut));
  const answered = await Promise.all(steps.map(putSome));
  await Promise.all(removed.map(remove));
  return answered.flat();
}

async function putSome(marks: readonly Mark[]): Promise<Mark[]> {
  const response = await request('api/marks', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(marks) });
  return (await response.json()) as Mark[];
}

async function remove(id: string): Promise<void> {
  try {
    await request(`api/marks/${id}`, { method: 'DELETE' });
  } catch (error) {
    // Somebody else took it away.
    if (!(error instanceof Refusal && error.status === 404)) throw error;
  }
}

/** All pages of the list, this one the first. */
async function all(path: string, signal: AbortSignal): Promise<Mark[]> {
  const response = await request(path, { headers: { Accept: 'application/json' }, cache: 'no-cache', signal });
  const marks = (await response.json()) as Mark[];
  const next = /<([^>]*)>; rel="next"/.exec(response.headers.get('Link') ?? '')?.[1];
  return next === undefined ? marks : [...marks, ...(await all(next, signal))];
}
