import { type Columns, finest, type LevelTiles } from '../levels/tiles';
import { lengthOf, type Span } from '../time/span';
import type { Box } from './parts';
import { forSeen, levelOf, type Scene } from './spectrum';

/**
 * Fills the columns from levels; where these are coarser than the columns, from the spectrogram's tiles, as far as they are there, and then
 * without their RMS.
 */
export function readWave(levels: LevelTiles, source: string, scene: Scene, into: Columns): void {
  const { stretch, tiles } = scene;
  levels.read(source, stretch, into);
  const count = into.rms.length;
  const column = lengthOf(stretch) / count;
  if (column >= finest) return;
  into.rms.fill(NaN);
  forSeen(scene, levelOf(scene), (track, level, index) => {
    const tile = tiles.find(track.recording.name, level, index);
    if (tile === null) return;
    const { low, high, columns } = tile.data;
    const begin = track.from + tile.from;
    const each = (tile.to - tile.from) / columns;
    const first = Math.max(0, Math.ceil((begin - stretch.from) / column));
    const last = Math.min(count, Math.ceil((track.from + tile.to - stretch.from) / column));
    for (let i = first; i < last; i++) {
      const from = Math.max(0, Math.floor((stretch.from + i * column - begin) / each));
      const to = Math.min(columns, Math.max(from + 1, Math.floor((stretch.from + (i + 1) * column - begin) / each)));
      let min = Infinity;
      let max = -Infinity;
      for (let j = from; j < to; j++) {
        if (low[j]! < min) min = low[j]!;
        if (high[j]! > max) max = high[j]!;
      }
      if (max < min) continue;
      into.min[i] = min / 32_768;
      into.max[i] = max / 32_768;
    }
  });
}

/** The largest swing of what is known; NaN of nothing. */
export function peakOf({ min, max }: Columns): number {
  let peak = NaN;
  for (let i = 0; i < min.length; i++) {
    const swing = Math.max(-min[i]!, max[i]!);
    if (!(swing <= peak) && !Number.isNaN(swing)) peak = swing;
  }
  return peak;
}

/** Says of each column whether something stands out there. */
export function markHot(spans: readonly Span[], stretch: Span, into: Uint8Array): void {
  into.fill(0);
  const scale = into.length / lengthOf(stretch);
  for (const { from, to } of spans) {
    const [first, last] = [Math.floor((from - stretch.from) * scale), Math.ceil((to - stretch.from) * scale)];
    if (last > 0 && first < into.length) into.fill(1, Math.max(0, first), Math.min(into.length, Math.max(last, first + 1)));
  }
}

interface Inks {
  readonly level: string;
  readonly hot: string;
  /** Behind the RMS. */
  readonly levelSwing: string;
  readonly hotSwing: string;
}

/** The swing of each column, and the RMS within it where there is one. */
export function drawWave(context: CanvasRenderingContext2D, box: Box, columns: Columns, hot: Uint8Array, zoom: number, hasRms: boolean, inks: Inks): void {
  const count = columns.rms.length;
  const wide = box.width / count;
  const middle = box.y + box.height / 2;
  const half = (box.height / 2) * zoom;
  const [top, bottom] = [box.y, box.y + box.height];
  for (let pass = 0; pass < (hasRms ? 4 : 2); pass++) {
    const isHot = pass % 2;
    const isRms = pass >= 2;
    context.beginPath();
    for (let i = 0; i < count; i++) {
      if (hot[i] !== isHot || Number.isNaN(columns.max[i]!)) continue;
      let [low, high] = [columns.min[i]!, columns.max[i]!];
      if (isRms) {
        const rms = columns.rms[i]!;
        if (Number.isNaN(rms)) continue;
        [low, high] = [Math.max(low, -rms), Math.min(high, rms)];
        if (high <= low) continue;
      } else if (i > 0 && !Number.isNaN(columns.max[i - 1]!)) {
        // Reaches to the one before, so that single samples make a line.
        [low, high] = [Math.min(low, columns.max[i - 1]!), Math.max(high, columns.min[i - 1]!)];
      }
      const y = Math.max(top, middle - high * half);
      context.rect(box.x + i * wide, y, wide, Math.max(wide, Math.min(bottom, middle - low * half) - y));
    }
    const full = isRms || !hasRms;
    context.fillStyle = isHot ? (full ? inks.hot : inks.hotSwing) : full ? inks.level : inks.levelSwing;
    context.fill();
  }
}
