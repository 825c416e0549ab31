import { second } from '../time/zone';

/** Columns of a tile, and rows. */
export const columns = 256;
export const bins = 256;

/** A tile of level n is 2 to the n seconds long, counted from the start of its recording. */
export const shortestLevel = -6;
export const longestLevel = 9;

/** The level whose columns are one to two pixels wide, where there is one. */
export function levelFor(length: number, pixels: number): number {
  const exact = Math.log2((length / second / Math.max(1, pixels)) * columns);
  return Math.min(longestLevel, Math.max(shortestLevel, Math.ceil(exact - 1e-9)));
}

/** Milliseconds. */
export function tileLength(level: number): number {
  return 2 ** level * second;
}

/** Of which tile that moment of the recording is a part. */
export function tileAt(level: number, at: number): number {
  return Math.floor(at / tileLength(level));
}

/** The tile of a coarser level that holds this one. */
export function above(index: number, levels: number): number {
  return Math.floor(index / 2 ** levels);
}

/** One number for a tile of a recording, which is the n-th of those known. */
export function keyOf(recording: number, level: number, index: number): number {
  return (recording * 32 + (level - shortestLevel)) * 2 ** 28 + index;
}
