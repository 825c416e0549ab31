import type { LevelReading } from '../api/types';
import { floor, level } from './levels';

/** A peak stays where it was for so long, and then falls so many decibels a second. */
const holdFor = 1500;
const fall = 20;
/** That it was too loud is shown for so long from when it is first seen. */
const clipFor = 5000;

/** One source's levels as a meter shows them. Nothing is made anew when more comes. Times are milliseconds. */
export class Held {
  at = -Infinity;
  /** For all channels; null for silence. */
  rms: number | null = null;
  /** For each channel, in decibels. */
  peaks = new Float32Array(0);
  held = new Float32Array(0);
  #heldAt = new Float64Array(0);
  #clipped = false;
  #seenAt = Infinity;

  get channels(): number {
    return this.peaks.length;
  }

  /** It was too loud, and that was not seen yet for long enough. */
  isClipped(now: number): boolean {
    if (this.#clipped && now - this.#seenAt >= clipFor) this.#clipped = false;
    return this.#clipped;
  }

  /** Somebody looks at it. */
  seen(now: number): void {
    if (this.#clipped && this.#seenAt === Infinity) this.#seenAt = now;
  }

  take({ rms, peak, clipped }: LevelReading, now: number): void {
    const passed = now - this.at;
    if (peak.length !== this.channels || passed > holdFor) this.#begin(peak.length, now);
    this.rms = rms;
    for (let i = 0; i < peak.length; i++) {
      const value = level(peak[i]!);
      this.peaks[i] = value;
      const left = now - this.#heldAt[i]! < holdFor ? this.held[i]! : Math.max(floor, this.held[i]! - (fall * passed) / 1000);
      if (value >= left) this.#heldAt[i] = now;
      this.held[i] = Math.max(value, left);
    }
    this.at = now;
    if (clipped === 0) return;
    this.#clipped = true;
    // It is too loud still: from now on it is to be seen anew.
    this.#seenAt = Infinity;
  }

  #begin(channels: number, now: number): void {
    if (channels !== this.channels) [this.peaks, this.held, this.#heldAt] = [new Float32Array(channels), new Float32Array(channels), new Float64Array(channels)];
    this.held.fill(floor);
    this.#heldAt.fill(now);
  }
}
