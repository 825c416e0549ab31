import type { LevelReading } from '../api/types';

/** Quieter is not shown, in dB of full scale. */
export const floor = -60;

/** Milliseconds without news after which a level is no longer true. */
export const stale = 1000;

/** What a meter shows: silence and all below the floor is the floor. */
export function level(decibels: number | null): number {
  return decibels === null ? floor : Math.min(0, Math.max(floor, decibels));
}

/** From 0 at the floor to 1 at full scale. */
export function share(decibels: number): number {
  return (decibels - floor) / -floor;
}

export function spoken({ rms }: Pick<LevelReading, 'rms'>, isClipped: boolean): string {
  const loudness = rms === null ? 'silence' : `${Math.round(rms)} dB`;
  return isClipped ? `${loudness}, too loud` : loudness;
}
