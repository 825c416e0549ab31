import type { LevelReading } from '../api/types';
import type { Span } from '../time/span';
import type { Columns } from './tiles';

/** Milliseconds of a window: how often readings come. */
const window = 100;
/** Windows kept of each source: five minutes. */
const kept = 3000;
/** Readings come a little early or late; so many windows without one are no hole. */
const slack = 4;

interface Ring {
  readonly peak: Float32Array;
  readonly rms: Float32Array;
  /** Which window of time lies there. */
  readonly place: Float64Array;
  newest: number;
}

/** What sounded in the last minutes, as it was heard: of what is recorded, levels come to be known only later. */
export class LevelTail {
  readonly #rings = new Map<string, Ring>();

  /** @param now milliseconds since 1970, when they came. */
  take(readings: readonly LevelReading[], now: number): void {
    for (const { source, rms, peak, behind = 0 } of readings) {
      const ring = this.#ring(source);
      const loudest = peak.reduce<number>((most, decibels) => Math.max(most, linear(decibels)), 0);
      const at = Math.floor((now - behind * 1000) / window) - 1;
      const first = at > ring.newest && at - ring.newest <= slack ? ring.newest + 1 : at;
      for (let place = first; place <= at; place++) put(ring, place, linear(rms), loudest);
      ring.newest = Math.max(ring.newest, at);
    }
  }

  /** Fills columns of which nothing is known. */
  fill(source: string, { from, to }: Span, into: Columns): void {
    const ring = this.#rings.get(source);
    const count = into.rms.length;
    const perColumn = (to - from) / count;
    if (ring === undefined || ring.newest * window < from) return;
    const oldest = (ring.newest - kept) * window;
    for (let i = Math.max(0, Math.floor((oldest - from) / perColumn)); i < count; i++) {
      const begin = from + i * perColumn;
      const first = Math.max(ring.newest - kept + 1, Math.floor(begin / window));
      if (first > ring.newest) return;
      if (Number.isNaN(into.rms[i]!)) fillColumn(ring, first, Math.min(ring.newest + 1, Math.max(first + 1, Math.floor((begin + perColumn) / window))), into, i);
    }
  }

  #ring(source: string): Ring {
    let ring = this.#rings.get(source);
    if (ring === undefined) {
      ring = { peak: new Float32Array(kept), rms: new Float32Array(kept), place: new Float64Array(kept).fill(NaN), newest: -Infinity };
      this.#rings.set(source, ring);
    }
    return ring;
  }
}

function put(ring: Ring, place: number, rms: number, peak: number): void {
  const i = place % kept;
  const again = ring.place[i] === place;
  ring.rms[i] = again ? Math.max(ring.rms[i]!, rms) : rms;
  ring.peak[i] = again ? Math.max(ring.peak[i]!, peak) : peak;
  ring.place[i] = place;
}

function fillColumn(ring: Ring, first: number, last: number, into: Columns, i: number): void {
  let peak = 0;
  let squares = 0;
  let known = 0;
  for (let place = first; place < last; place++) {
    const j = place % kept;
    if (ring.place[j] !== place) continue;
    known++;
    peak = Math.max(peak, ring.peak[j]!);
    squares += ring.rms[j]! * ring.rms[j]!;
  }
  if (known === 0) return;
  into.min[i] = -peak;
  into.max[i] = peak;
  into.rms[i] = Math.sqrt(squares / known);
}

function linear(decibels: number | null): number {
  return decibels === null ? 0 : 10 ** (decibels / 20);
}
