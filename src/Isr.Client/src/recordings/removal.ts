import { request } from '../api/client';
import type { Picked } from './selection';
import { inSteps } from './steps';

/** What can be put back. */
export interface Removed {
  readonly picked: Picked;
  /** In the trash. */
  readonly id: string;
}

/** What stays as it was, and why. */
export interface Refused {
  readonly name: string;
  readonly error: string;
}

export interface Removal {
  readonly removed: readonly Removed[];
  readonly refused: readonly Refused[];
  /** What it did not come to. */
  readonly left: readonly Picked[];
  /** Why not, where nobody stopped it. */
  readonly error: Error | null;
}

export interface Return {
  readonly back: readonly { readonly item: Removed; readonly name: string }[];
  /** What is still in the trash. */
  readonly left: readonly Removed[];
  /** The first reason for that. */
  readonly error: Error | null;
}

/** Recordings of one request: each moves a file and writes a line of the journal. */
const atOnce = 200;

interface TrashAnswer {
  deleted: { name: string; id: string }[];
  refused: { name: string; error: string }[];
}

interface RestoreAnswer {
  restored: { id: string; name: string }[];
  refused: { id: string; error: string }[];
}

/** Moves recordings to the trash; what is refused does not keep the rest. */
export async function remove(items: readonly Picked[], step: (done: number) => void, signal: AbortSignal): Promise<Removal> {
  const known = new Map(items.map((item) => [item.name, item]));
  const removed: Removed[] = [];
  const refused: Refused[] = [];
  let done = 0;
  const take = (answer: TrashAnswer, count: number) => {
    done = count;
    for (const { name, id } of answer.deleted) {
      const picked = known.get(name);
      if (picked !== undefined) removed.push({ picked, id });
    }
    refused.push(...answer.refused);
    step(count);
  };
  try {
    return { removed, refused, left: await inSteps(items, atOnce, askToRemove, take, signal), error: null };
  } catch (error) {
    return { removed, refused, left: items.slice(done), error: error as Error };
  }
}

/** Puts them back, the first deleted first. */
export async function putBack(items: readonly Removed[], step: (done: number) => void, signal: AbortSignal): Promise<Return> {
  const known = new Map(items.map((item) => [item.id, item]));
  const back: { item: Removed; name: string }[] = [];
  let error: Error | null = null;
  const take = (answer: RestoreAnswer, count: number) => {
    for (const { id, name } of answer.restored) {
      const item = known.get(id);
      if (item === undefined) continue;
      back.push({ item, name });
      known.delete(id);
    }
    const [first] = answer.refused;
    if (first !== undefined) error ??= new Error(first.error);
    step(count);
  };
  try {
    await inSteps(items, atOnce, askToPutBack, take, signal);
  } catch (reason) {
    error = reason as Error;
  }
  return { back, left: [...known.values()], error };
}

function askToRemove(part: readonly Picked[]): Promise<TrashAnswer> {
  return post('api/trash', { files: part.map(({ name }) => name) });
}

function askToPutBack(part: readonly Removed[]): Promise<RestoreAnswer> {
  return post('api/trash/restore', { ids: part.map(({ id }) => id) });
}

async function post<T>(path: string, body: object): Promise<T> {
  const response = await request(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  return (await response.json()) as T;
}
