import { Refusal, request } from '../api/client';
import { Store } from '../store';
import { second } from '../time/zone';
import { readSpectrogram, type Spectrogram } from './answer';
import { bins, columns, keyOf, tileLength } from './grid';

export interface Tile {
  readonly data: Spectrogram;
  /** What it covers, in milliseconds of the recording. */
  readonly from: number;
  readonly to: number;
  /** How often each byte occurs. */
  readonly counts: Uint32Array;
  /** When it may be asked for again, where the recording grew; else null. */
  readonly growsAt: number | null;
  /** As it was drawn last, and in which colours. */
  image: OffscreenCanvas | null;
  colours: Uint32Array | null;
  used: number;
}

interface Question {
  readonly path: string;
  readonly grows: boolean;
  /** Milliseconds of the tile. */
  readonly length: number;
}

interface Failure {
  /** When it may be asked for again. */
  readonly until: number;
  /** Null where that is as it should be. */
  readonly sentence: string | null;
}

/** Bytes that tiles may take, with their pictures; some 180 of them. */
const most = 64e6;
const tileBytes = columns * bins * 5 + columns * 4;
const mostAsked = 3;
/** What failed is asked for again after so long. */
const patience = 10_000;
/** A tile that grows, too, but not before there are some columns more, and seldom where the server takes long. */
const growth = 3000;
const growthShare = 1 / 64;
const mostBusy = 1 / 4;
/** What sounded since is not on the disk yet. */
const behind = 3000;

/**
 * Spectrograms of recordings, in tiles, got when they are drawn. Drawing goes `begin`, `find` and `want` of what it shows,
 * `end`: then what is no longer wanted is no longer asked for.
 */
export class SpectrogramTiles {
  /** Counts tiles that arrived, and tries that are due: draw again. */
  readonly arrived = new Store(0);
  /** Why tiles that are wanted do not come; null when they do. */
  readonly error = new Store<string | null>(null);

  readonly #tiles = new Map<number, Tile>();
  readonly #recordings = new Map<string, number>();
  readonly #wanted = new Map<number, Question>();
  readonly #running = new Map<number, AbortController>();
  readonly #failed = new Map<number, Failure>();
  #sentence: string | null = null;
  #clock = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #dirty = false;

  begin(): void {
    this.#wanted.clear();
    this.#sentence = null;
    this.#clock++;
  }

  find(recording: string, level: number, index: number): Tile | null {
    const tile = this.#tiles.get(keyOf(this.#number(recording), level, index));
    if (tile === undefined) return null;
    tile.used = this.#clock;
    return tile;
  }

  /** Wanted first, asked for first. `length` is how far the recording is known to go, in milliseconds. */
  want(recording: string, level: number, index: number, length: number, grows: boolean): void {
    const begin = index * tileLength(level);
    if (index < 0 || begin >= length - (grows ? behind : 0)) return;
    const key = keyOf(this.#number(recording), level, index);
    const tile = this.#tiles.get(key);
    const now = performance.now();
    if (tile !== undefined && !this.#mayGrow(tile, Math.min(length, begin + tileLength(level)), now)) return;
    const failed = this.#failed.get(key);
    if (failed !== undefined) this.#sentence ??= failed.sentence;
    if (failed !== undefined && failed.until > now) return;
    const path = `api/spectrogram?file=${encodeURIComponent(recording)}&start=${begin / second}&end=${(begin + tileLength(level)) / second}&columns=${columns}&bins=${bins}`;
    this.#wanted.set(key, { path, grows, length: tileLength(level) });
  }

  end(): void {
    for (const [key, running] of this.#running) {
      if (this.#wanted.has(key)) continue;
      running.abort();
      this.#running.delete(key);
    }
    this.#pump();
    this.error.set(this.#sentence);
  }

  /** Asks again at once for what failed. */
  retry(): void {
    this.#failed.clear();
    this.#tell();
  }

  #mayGrow(tile: Tile, end: number, now: number): boolean {
    return tile.growsAt !== null && tile.to < end - 1 && now > tile.growsAt;
  }

  #number(recording: string): number {
    const known = this.#recordings.get(recording);
    if (known !== undefined) return known;
    this.#recordings.set(recording, this.#recordings.size);
    return this.#recordings.size - 1;
  }

  #pump(): void {
    for (const [key, question] of this.#wanted) {
      if (this.#running.size >= mostAsked) return;
      if (!this.#running.has(key)) void this.#fetch(key, question);
    }
  }

  async #fetch(key: number, { path, grows, length }: Question): Promise<void> {
    const running = new AbortController();
    this.#running.set(key, running);
    const asked = performance.now();
    try {
      const response = await request(path, { signal: running.signal });
      const data = readSpectrogram(await response.arrayBuffer());
      const now = performance.now();
      this.#keep(key, data, grows ? now + Math.max(growth, length * growthShare, (now - asked) / mostBusy) : null);
      this.#failed.delete(key);
    } catch (error) {
      if (running.signal.aborted) return;
      this.#fail(key, error as Error, grows);
    } finally {
      if (this.#running.get(key) === running) {
        this.#running.delete(key);
        this.#wanted.delete(key);
        this.#pump();
      }
    }
    this.#tell();
  }

  #keep(key: number, data: Spectrogram, growsAt: number | null): void {
    const counts = new Uint32Array(256);
    for (const byte of data.power) counts[byte]!++;
    this.#tiles.set(key, { data, from: data.from * second, to: data.to * second, counts, growsAt, image: null, colours: null, used: this.#clock });
    if (this.#tiles.size * tileBytes <= most) return;
    let [oldest, least] = [key, Infinity];
    for (const [other, { used }] of this.#tiles) if (used < least) [oldest, least] = [other, used];
    this.#tiles.delete(oldest);
  }

  #fail(key: number, error: Error, grows: boolean): void {
    const status = error instanceof Refusal ? error.status : 500;
    // The recording ends before that, or has not come so far: no reason to complain.
    const isEnd = status === 400;
    // What the server says of the recording itself stays true until somebody wants it asked again.
    const wait = isEnd && grows ? growth : status < 500 && status !== 429 ? Infinity : patience;
    this.#failed.set(key, { until: performance.now() + wait, sentence: isEnd ? null : error.message });
    if (wait === Infinity) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#tell(), wait + 100);
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
