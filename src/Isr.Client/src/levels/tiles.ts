import { getJson, mayPass, Refusal } from '../api/client';
import { Store } from '../store';
import type { Span } from '../time/span';
import type { LevelTail } from './tail';

/** How loud so many equal stretches are; 1 is full scale, NaN where nothing was recorded or is not known. */
export interface Columns {
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly rms: Float32Array;
}

export function columnsOf(count: number): Columns {
  return { min: new Float32Array(count), max: new Float32Array(count), rms: new Float32Array(count) };
}

interface SourceLevels {
  min: (number | null)[];
  max: (number | null)[];
  rms: (number | null)[];
  /** Recordings whose levels are not known yet. */
  pending: string[];
}

interface Found {
  tile: Tile | null;
  /** Points of the level asked for that one of the tile stands for. */
  scale: number;
  /** The tile's point with which it begins. */
  offset: number;
}

interface Failure {
  /** When it may be asked for again; what the server says of the thing itself, only when somebody wants it. */
  readonly until: number;
  readonly sentence: string;
  /** The server did not answer at all. */
  readonly isAway: boolean;
}

interface Tile extends Columns {
  /** When it was asked for, if the answer may be another later: it reaches into now, or levels are missing. Else infinite. */
  readonly goodFrom: number;
}

/** Points of a tile. */
export const points = 256;
/** Milliseconds of a point on the finest level; each level doubles it. */
export const finest = 100;
const coarsest = 16;
const mostTiles = 600;
const mostAsked = 4;
/** A tile that may have become another is asked for again after so long, when it is drawn. */
const stale = 5000;
/** What was recorded so long ago has its levels, where it has any. */
const settled = 120_000;
/** How many levels up to look for something to draw until the tile itself is there. */
const furthestUp = 8;

/** Which level has about a point for each of so many pixels, from 0. */
export function levelFor(length: number, pixels: number): number {
  const wanted = length / Math.max(1, pixels);
  return Math.min(coarsest, Math.max(0, Math.floor(Math.log2(wanted / finest) + 1e-9)));
}

/**
 * Levels of all sources at all zooms, in tiles of 256 points, got when they are drawn. What is drawn asks; what is no longer
 * drawn is not asked for any more. The newest question goes first.
 */
export class LevelTiles {
  /** Counts tiles that arrived: draw again. */
  readonly arrived = new Store(0);
  /** Why tiles do not come; null when they do. */
  readonly error = new Store<string | null>(null);

  readonly #tiles = new Map<string, Tile>();
  readonly #wanted = new Map<string, string>();
  readonly #asked = new Set<string>();
  /** What was asked for in vain. */
  readonly #failed = new Map<string, Failure>();
  readonly #now: () => number;
  readonly #tail: LevelTail | null;
  readonly #found: Found = { tile: null, scale: 1, offset: 0 };
  #frame = 0;
  #dirty = false;
  #later: ReturnType<typeof setTimeout> | undefined;

  /** @param tail what sounds and has no levels yet. */
  constructor(now: () => number, tail: LevelTail | null = null) {
    this.#now = now;
    this.#tail = tail;
  }

  /** Fills as many columns as `into` has, over the span. Allocates nothing where all is there. */
  read(source: string, span: Span, into: Columns): void {
    const count = into.rms.length;
    const level = levelFor(span.to - span.from, count);
    const point = finest * 2 ** level;
    const tileLength = point * points;
    const perColumn = (span.to - span.from) / count;
    for (let index = Math.floor(span.from / tileLength); index * tileLength < span.to; index++) this.#want(source, level, index);

    let index = NaN;
    const found = this.#found;
    for (let i = 0; i < count; i++) {
      const from = span.from + i * perColumn;
      const at = Math.floor(from / tileLength);
      if (at !== index) {
        index = at;
        this.#best(source, level, index);
      }
      if (found.tile === null) {
        into.min[i] = into.max[i] = into.rms[i] = NaN;
        continue;
      }
      const first = found.offset + (from - index * tileLength) / point / found.scale;
      const last = found.offset + (Math.min(from + perColumn, (index + 1) * tileLength) - index * tileLength) / point / found.scale;
      gather(found.tile, Math.floor(first), Math.max(Math.floor(first) + 1, Math.floor(last)), into, i);
    }
    this.#tail?.fill(source, span, into);
  }

  /** Whether the tiles are there that would be drawn of the span on so many pixels. */
  isKnown(source: string, span: Span, pixels: number): boolean {
    const level = levelFor(span.to - span.from, pixels);
    const length = finest * 2 ** level * points;
    for (let index = Math.floor(span.from / length); index * length < span.to; index++) {
      if (index * length <= this.#now() && this.#best(source, level, index).tile === null) return false;
    }
    return true;
  }

  /** Levels became known, or recordings came and went. */
  refresh(): void {
    this.#failed.clear();
    for (const [name, tile] of this.#tiles) if (tile.goodFrom < Infinity) this.#tiles.set(name, { ...tile, goodFrom: 0 });
    this.#tell();
  }

  /** Forgets all that could be old, as after a deletion. */
  forget(): void {
    this.#tiles.clear();
    this.#failed.clear();
    this.#tell();
  }

  /** The tile, or until it is there a coarser one that holds it. */
  #best(source: string, level: number, index: number): Found {
    const found = this.#found;
    found.tile = null;
    for (let up = 0; up <= furthestUp && level + up <= coarsest && found.tile === null; up++) {
      found.scale = 2 ** up;
      const above = Math.floor(index / found.scale);
      found.tile = this.#tiles.get(key(source, level + up, above)) ?? null;
      found.offset = ((index - above * found.scale) * points) / found.scale;
    }
    return found;
  }

  #want(source: string, level: number, index: number): void {
    const name = key(source, level, index);
    const tile = this.#tiles.get(name);
    const now = this.#now();
    const length = finest * 2 ** level * points;
    if (index * length > now || (tile !== undefined && (tile.goodFrom === Infinity || now - tile.goodFrom < stale))) return;
    if (this.#asked.has(name) || now < (this.#failed.get(name)?.until ?? -Infinity)) return;
    // Asked for last, it goes first.
    this.#wanted.delete(name);
    const from = index * length;
    this.#wanted.set(name, `api/levels?source=${encodeURIComponent(source)}&from=${iso(from)}&to=${iso(from + length)}&points=${points}`);
    if (this.#frame === 0) {
      this.#frame = requestAnimationFrame(() => {
        this.#frame = 0;
        this.#pump();
      });
    }
  }

  #pump(): void {
    while (this.#asked.size < mostAsked && this.#wanted.size > 0) {
      const name = [...this.#wanted.keys()].at(-1)!;
      const path = this.#wanted.get(name)!;
      this.#wanted.delete(name);
      this.#asked.add(name);
      void this.#fetch(name, path);
    }
    // Nobody scrolls back through hundreds of tiles that were only flown over.
    for (const name of this.#wanted.keys()) {
      if (this.#wanted.size <= 64) break;
      this.#wanted.delete(name);
    }
  }

  async #fetch(name: string, path: string): Promise<void> {
    const now = this.#now();
    try {
      const levels = await getJson<SourceLevels>(path);
      const [level, index] = name.split('\n').slice(-2).map(Number) as [number, number];
      const end = (index + 1) * finest * 2 ** level * points;
      this.#keep(name, { ...columns(levels), goodFrom: end < now - settled && levels.pending.length === 0 ? Infinity : now });
      this.#failed.delete(name);
      // It answers again: the others need not wait.
      for (const [other, { isAway }] of this.#failed) if (isAway) this.#failed.delete(other);
    } catch (error) {
      this.#fail(name, error as Error);
    } finally {
      this.error.set(this.#failed.values().next().value?.sentence ?? null);
      this.#asked.delete(name);
      this.#tell();
      this.#pump();
    }
  }

  #fail(name: string, error: Error): void {
    const passes = mayPass(error);
    this.#failed.set(name, { until: passes ? this.#now() + stale : Infinity, sentence: error.message, isAway: !(error instanceof Refusal) });
    if (!passes) return;
    // Nothing else may draw it again.
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      for (const [other, { until }] of this.#failed) if (until < Infinity) this.#failed.delete(other);
      this.#tell();
    }, stale + 100);
  }

  #keep(name: string, tile: Tile): void {
    this.#tiles.delete(name);
    this.#tiles.set(name, tile);
    for (const oldest of this.#tiles.keys()) {
      if (this.#tiles.size <= mostTiles) break;
      this.#tiles.delete(oldest);
    }
  }

  #tell(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    requestAnimationFrame(() => {
      this.#dirty = false;
      this.arrived.set(this.arrived.value + 1);
    });
  }
}

function key(source: string, level: number, index: number): string {
  return `${source}\n${level}\n${index}`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function columns({ min, max, rms }: SourceLevels): Columns {
  return { min: plain(min), max: plain(max), rms: plain(rms) };
}

function plain(values: (number | null)[]): Float32Array {
  return Float32Array.from(values, (value) => value ?? NaN);
}

/** The extremes and the root of the mean square of points `first` to `last` (exclusive), of those that are known. */
function gather(tile: Columns, first: number, last: number, into: Columns, i: number): void {
  let min = Infinity;
  let max = -Infinity;
  let squares = 0;
  let known = 0;
  for (let j = first; j < last && j < points; j++) {
    const rms = tile.rms[j]!;
    if (Number.isNaN(rms)) continue;
    known++;
    squares += rms * rms;
    if (tile.min[j]! < min) min = tile.min[j]!;
    if (tile.max[j]! > max) max = tile.max[j]!;
  }
  into.min[i] = known === 0 ? NaN : min;
  into.max[i] = known === 0 ? NaN : max;
  into.rms[i] = known === 0 ? NaN : Math.sqrt(squares / known);
}
