import type { Track } from '../archive/tracks';
import { Store } from '../store';
import { type Filter, isFiltering, passes } from './filter';

/** What is known of a recording that was selected, also where its row is not shown any more. */
export interface Picked {
  readonly name: string;
  /** On which it is listed, as `2026-11-20`. */
  readonly day: string;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** 0 where that is not known. */
  readonly seconds: number;
  readonly bytes: number;
  readonly recording: boolean;
}

export interface Sums {
  readonly count: number;
  readonly seconds: number;
  readonly bytes: number;
  /** How many of them are being recorded. */
  readonly recording: number;
}

export type Share = 'none' | 'some' | 'all';

export function pickedOf({ recording: file, source, from }: Track): Picked {
  return { name: file.name, day: file.date.slice(0, 10), source, from, seconds: file.duration ?? 0, bytes: file.size, recording: file.recording };
}

export function sumsOf(items: Iterable<Picked>): Sums {
  let [count, seconds, bytes, recording] = [0, 0, 0, 0];
  for (const item of items) {
    count++;
    seconds += item.seconds;
    bytes += item.bytes;
    if (item.recording) recording++;
  }
  return { count, seconds, bytes, recording };
}

/** Recordings that something is to be done with. It is changed in place, as it may hold all that there is. */
export class Selection {
  /** Counts changes. */
  readonly changed = new Store(0);
  readonly #days = new Map<string, Map<string, Picked>>();
  #sums: Sums | null = null;
  #passed: { readonly filter: Filter; readonly counts: ReadonlyMap<string, number> } | null = null;

  /** Worked out once for each change. */
  get sums(): Sums {
    return (this.#sums ??= sumsOf(this.all()));
  }

  get isEmpty(): boolean {
    return this.#days.size === 0;
  }

  has(day: string, name: string): boolean {
    return this.#days.get(day)?.has(name) ?? false;
  }

  /** Those of a day. */
  of(day: string): Picked[] {
    return [...(this.#days.get(day)?.values() ?? [])];
  }

  *all(): Generator<Picked> {
    for (const items of this.#days.values()) yield* items.values();
  }

  /** Of which something is selected. */
  days(): string[] {
    return [...this.#days.keys()];
  }

  set(items: Iterable<Picked>, on: boolean): void {
    for (const item of items) {
      const day = this.#days.get(item.day);
      if (on && day === undefined) this.#days.set(item.day, new Map([[item.name, item]]));
      else if (on) day!.set(item.name, item);
      else if (day?.delete(item.name) && day.size === 0) this.#days.delete(item.day);
    }
    this.#tell();
  }

  clear(): void {
    if (this.isEmpty) return;
    this.#days.clear();
    this.#tell();
  }

  /** Takes what became of a day's recordings, and forgets those that are gone. `there`: all of that day. */
  renew(day: string, there: readonly Picked[]): void {
    const items = this.#days.get(day);
    if (items === undefined) return;
    const kept = there.filter(({ name }) => items.has(name));
    this.#days.delete(day);
    this.set(kept, true);
  }

  /** How much of a day is selected: of so many recordings that the filter lets through. */
  shareOf(day: string, filter: Filter, recordings: number): Share {
    const items = this.#days.get(day);
    if (items === undefined) return 'none';
    const count = isFiltering(filter) ? (this.#passing(filter).get(day) ?? 0) : items.size;
    return count === 0 ? 'none' : count < recordings ? 'some' : 'all';
  }

  /** How many of the selected are not in the list that the filter leaves. */
  hiddenBy(filter: Filter): number {
    if (!isFiltering(filter)) return 0;
    let hidden = this.sums.count;
    for (const count of this.#passing(filter).values()) hidden -= count;
    return hidden;
  }

  /** How many of each day the filter lets through: worked out once for each filter and change, as every day asks. */
  #passing(filter: Filter): ReadonlyMap<string, number> {
    if (this.#passed?.filter !== filter) {
      this.#passed = { filter, counts: new Map([...this.#days].map(([day, items]) => [day, countPassing(items.values(), filter)])) };
    }
    return this.#passed.counts;
  }

  #tell(): void {
    this.#sums = null;
    this.#passed = null;
    this.changed.set(this.changed.value + 1);
  }
}

function countPassing(items: Iterable<Picked>, filter: Filter): number {
  let count = 0;
  for (const { name, day, source } of items) if (passes(filter, name, day, source)) count++;
  return count;
}

/** All from one to the other, whichever comes first, of lists that stand below each other; null where one of both is in none. */
export function between(lists: readonly (readonly Track[])[], one: string, other: string): Track[] | null {
  const all = lists.flat();
  const [a, b] = [one, other].map((name) => all.findIndex(({ recording }) => recording.name === name)) as [number, number];
  return a < 0 || b < 0 ? null : all.slice(Math.min(a, b), Math.max(a, b) + 1);
}
