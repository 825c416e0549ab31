import type { Track, Tracks } from '../archive/tracks';
import { above, levelFor, longestLevel, tileAt, tileLength } from '../spectrogram/grid';
import { pictureOf } from '../spectrogram/paint';
import type { SpectrogramTiles, Tile } from '../spectrogram/tiles';
import { lengthOf, type Span } from '../time/span';
import type { Box } from './parts';

/** What a drawing of spectrograms needs. */
export interface Scene {
  readonly stretch: Span;
  readonly recordings: readonly Track[];
  readonly tracks: Tracks;
  readonly tiles: SpectrogramTiles;
  /** Device pixels of the plot's width. */
  readonly pixels: number;
}

/** How many levels finer to look for something to draw while a tile is not there; coarser ones always. */
const finer = 2;

export function levelOf({ stretch, pixels }: Scene): number {
  return levelFor(lengthOf(stretch), pixels);
}

/** Asks for the tiles that are seen, and then for those beside them. Says whether all that are seen are there. */
export function wantTiles(scene: Scene, counts: Uint32Array): boolean {
  const { tiles } = scene;
  let whole = true;
  counts.fill(0);
  tiles.begin();
  forSeen(scene, levelOf(scene), (track, level, index) => {
    const tile = tiles.find(track.recording.name, level, index);
    if (tile === null) whole = false;
    else for (let i = 0; i < 256; i++) counts[i]! += tile.counts[i]!;
    want(scene, track, level, index);
  });
  if (whole) {
    forSeen(scene, levelOf(scene), (track, level, index) => {
      want(scene, track, level, index + 1);
      want(scene, track, level, index - 1);
    });
  }
  tiles.end();
  return whole;
}

/** Draws what there is: of each piece the tile itself, until it is there coarser and finer ones. Allocates nothing but new pictures. */
export function drawSpectrum(context: CanvasRenderingContext2D, box: Box, scene: Scene, colours: Uint32Array, top: number): void {
  const wanted = levelOf(scene);
  let least = wanted;
  let most = wanted;
  forSeen(scene, wanted, (track, level, index) => {
    if (scene.tiles.find(track.recording.name, level, index) !== null) return;
    least = wanted - finer;
    most = Math.max(most, coarserThan(scene, track, level, index));
  });
  context.save();
  context.beginPath();
  context.rect(box.x, box.y, box.width, box.height);
  context.clip();
  for (let level = most; level >= least; level--) {
    // The tile itself lies over all others.
    if (level !== wanted) forSeen(scene, level, (track, at, index) => drawTile(context, box, scene, track, scene.tiles.find(track.recording.name, at, index), colours, top));
  }
  forSeen(scene, wanted, (track, at, index) => drawTile(context, box, scene, track, scene.tiles.find(track.recording.name, at, index), colours, top));
  context.restore();
}

/** The highest frequency of what is shown, in Hz; null while none is known. */
export function highest(recordings: readonly Track[], { from, to }: Span): number | null {
  let rate = 0;
  for (const track of recordings) if (track.from < to && track.to > from) rate = Math.max(rate, track.recording.sample_rate ?? 0);
  return rate === 0 ? null : rate / 2;
}

export function forSeen({ stretch, recordings, tracks }: Scene, level: number, each: (track: Track, level: number, index: number) => void): void {
  for (const track of recordings) {
    const from = Math.max(0, stretch.from - track.from);
    const to = Math.min(tracks.endOf(track), stretch.to) - track.from;
    if (to <= from) continue;
    for (let index = tileAt(level, from); index * tileLength(level) < to; index++) each(track, level, index);
  }
}

function want({ tiles, tracks }: Scene, track: Track, level: number, index: number): void {
  tiles.want(track.recording.name, level, index, tracks.endOf(track) - track.from, track.recording.recording);
}

function coarserThan({ tiles }: Scene, track: Track, level: number, index: number): number {
  for (let up = 1; level + up <= longestLevel; up++) if (tiles.find(track.recording.name, level + up, above(index, up)) !== null) return level + up;
  return level;
}

function drawTile(context: CanvasRenderingContext2D, box: Box, { stretch, pixels }: Scene, track: Track, tile: Tile | null, colours: Uint32Array, top: number): void {
  const picture = tile === null ? null : pictureOf(tile, colours);
  if (tile === null || picture === null) return;
  // Edges lie on whole pixels, so that no seam is seen between tiles.
  const x = (at: number) => box.x + Math.round(((at - stretch.from) / lengthOf(stretch)) * pixels) * (box.width / pixels);
  const [left, right] = [x(track.from + tile.from), x(track.from + tile.to)];
  if (right <= left) return;
  const half = tile.data.rate / 2;
  const rows = tile.data.bins * Math.min(1, top / half);
  const height = box.height * Math.min(1, half / top);
  context.drawImage(picture, 0, tile.data.bins - rows, tile.data.columns, rows, left, box.y + box.height - height, right - left, height);
}
