import type { Tile } from './tiles';

let pixels: ImageData | null = null;

/** The tile's picture in those colours, one pixel for each column and bin, the highest frequency on top; painted only when they changed. */
export function pictureOf(tile: Tile, colours: Uint32Array): OffscreenCanvas | null {
  if (tile.image !== null && tile.colours === colours) return tile.image;
  const { columns, bins, power } = tile.data;
  tile.image ??= new OffscreenCanvas(columns, bins);
  const context = tile.image.getContext('2d');
  if (context === null) return null;
  if (pixels === null || pixels.width !== columns || pixels.height !== bins) pixels = new ImageData(columns, bins);
  paint(power, bins, colours, new Uint32Array(pixels.data.buffer));
  context.putImageData(pixels, 0, 0);
  tile.colours = colours;
  return tile.image;
}

/** Columns from the lowest frequency become rows from the highest. */
export function paint(power: Uint8Array, bins: number, colours: Uint32Array, into: Uint32Array): void {
  let at = 0;
  for (let row = bins - 1; row >= 0; row--) {
    for (let from = row; from < power.length; from += bins) into[at++] = colours[power[from]!]!;
  }
}
