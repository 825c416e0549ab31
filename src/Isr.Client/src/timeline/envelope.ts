import type { Colours } from '../canvas';
import type { Columns } from '../levels/tiles';

/** Quieter is not drawn as louder than the line along the bottom, in dB of full scale. */
const usualFloor = -60;
const quietFloor = -72;
const quietestFloor = -90;

/** The bottom of the scale: lower where nearly all is so quiet that it could not be seen. */
export function floorFor(rms: Float32Array): number {
  let sum = 0;
  let known = 0;
  for (const value of rms) {
    if (Number.isNaN(value)) continue;
    known++;
    sum += Math.max(quietestFloor, decibels(value));
  }
  const mean = known === 0 ? 0 : sum / known;
  return mean > -54 ? usualFloor : mean > -66 ? quietFloor : quietestFloor;
}

export function decibels(value: number): number {
  return value <= 1e-6 ? -120 : 20 * Math.log10(value);
}

/** How high that stands; what was recorded is seen, however quiet. */
export function heightOf(value: number, floor: number, height: number): number {
  return Math.max(1, Math.min(height, Math.round((1 - decibels(value) / floor) * height)));
}

/** Draws peaks behind levels, a column for each pixel of the canvas, over all that is there. */
export class EnvelopePainter {
  #image: ImageData | null = null;
  #pixels = new Uint32Array();
  #peaks = new Int32Array();
  #levels = new Int32Array();
  #empty = new Uint32Array();

  /** @param lines where marks of time stand behind it, in pixels of the canvas. */
  paint(context: CanvasRenderingContext2D, { min, max, rms }: Columns, lines: readonly number[], thick: number, colours: Colours): void {
    const { width, height } = context.canvas;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = context.createImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.#peaks = new Int32Array(width);
      this.#levels = new Int32Array(width);
      this.#empty = new Uint32Array(width);
    }
    const floor = floorFor(rms);
    for (let x = 0; x < width; x++) {
      const known = !Number.isNaN(rms[x]!);
      this.#peaks[x] = known ? height - heightOf(Math.max(-min[x]!, max[x]!), floor, height) : height;
      this.#levels[x] = known ? height - heightOf(rms[x]!, floor, height) : height;
    }
    const [peak, level] = [packed(colours.peak), packed(colours.level)];
    const empty = this.#empty.fill(packed(colours.bg));
    for (const x of lines) empty.fill(packed(colours.line), Math.max(0, x), Math.max(0, x + thick));
    const pixels = this.#pixels;
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) pixels[i] = y >= this.#levels[x]! ? level : y >= this.#peaks[x]! ? peak : empty[x]!;
    }
    context.putImageData(this.#image, 0, 0);
  }
}

const known = new Map<string, number>();

/** `#rrggbb` as a pixel of an image. */
function packed(colour: string): number {
  let value = known.get(colour);
  if (value === undefined) {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const bytes = Uint8Array.of(red, green, blue, 255);
    value = new Uint32Array(bytes.buffer)[0]!;
    known.set(colour, value);
  }
  return value;
}
