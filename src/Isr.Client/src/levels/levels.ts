import type { LevelReading } from '../api/types';

/** By source, those heard of within the last second. */
export type Levels = ReadonlyMap<string, LevelReading>;

/** Quieter is not shown, in dB of full scale. */
export const floor = -60;

/** Milliseconds without news after which a level is no longer true. */
export const stale = 1000;

/** Keeps the newest levels of all sources, and forgets those that no longer come. */
export class LevelBoard {
  readonly #heard = new Map<string, { reading: LevelReading; at: number }>();

  take(readings: LevelReading[], now: number): Levels {
    for (const reading of readings) this.#heard.set(reading.source, { reading, at: now });
    return this.current(now);
  }

  current(now: number): Levels {
    for (const [source, { at }] of this.#heard) if (now - at > stale) this.#heard.delete(source);
    return new Map([...this.#heard].map(([source, { reading }]) => [source, reading]));
  }
}

/** What a meter shows: silence and all below the floor is the floor. */
export function level(decibels: number | null): number {
  return decibels === null ? floor : Math.min(0, Math.max(floor, decibels));
}

export function spoken({ rms, clipped }: LevelReading): string {
  const loudness = rms === null ? 'silence' : `${Math.round(rms)} dB`;
  return clipped > 0 ? `${loudness}, too loud` : loudness;
}
