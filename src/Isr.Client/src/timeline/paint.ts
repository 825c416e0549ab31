import type { Picture } from '../canvas';
import type { Span } from '../time/span';
import { type Bars, firstFrom, type Holes } from './picture';
import { causeOf, missing } from './words';

/** So many pixels apart are the lines of what is missing. */
const hatch = 5;
/** Of bars that stand closer than so many pixels the highest is drawn. */
const apart = 5;
const broad = 8;
const font = '12px "IBM Plex Sans", system-ui, "DejaVu Sans", sans-serif';

export function xOf(at: number, { from, to }: Span, width: number): number {
  return ((at - from) / (to - from)) * width;
}

export function timeAt(x: number, { from, to }: Span, width: number): number {
  return from + (x / width) * (to - from);
}

/** Hatched, with the cause in words where there is room. */
export function paintHoles({ context, width, height, colours }: Picture, { gaps, from, to }: Holes, span: Span, now: number): void {
  const first = Math.max(0, firstFrom(from, span.from) - 1);
  const ends: number[] = [];
  context.save();
  context.beginPath();
  for (let i = first; i < gaps.length && from[i]! < span.to; i++) {
    const [begin, end] = [Math.max(-1, xOf(from[i]!, span, width)), Math.min(width + 1, xOf(Math.min(to[i]!, now), span, width))];
    if (end <= -1 || end < begin) continue;
    context.rect(begin, 0, Math.max(3, end - begin), height);
    ends.push(i, begin, end);
  }
  if (ends.length > 0) {
    context.clip();
    const [left, right] = [ends[1]!, Math.max(ends.at(-1)!, ends[1]! + 3)];
    // Lines move with what they stand for.
    const pixels = width / (span.to - span.from);
    const shift = (((-span.from * pixels) % hatch) + hatch) % hatch;
    context.strokeStyle = colours.gap;
    context.lineWidth = 1;
    context.beginPath();
    for (let x = Math.floor((left - height) / hatch) * hatch + shift - hatch; x < right; x += hatch) {
      context.moveTo(x, height);
      context.lineTo(x + height, 0);
    }
    context.stroke();
  }
  context.restore();
  for (let k = 0; k < ends.length; k += 3) writeCause({ context, width, height, colours }, gaps[ends[k]!]!, ends[k + 1]!, ends[k + 2]!);
}

function writeCause({ context, height, colours }: Picture, gap: Holes['gaps'][number], begin: number, end: number): void {
  const room = end - begin - 16;
  if (room < 40) return;
  context.font = font;
  const text = [missing(gap), gap.sentence ?? '', causeOf(gap), 'missing'].find((words) => words !== '' && widthOf(context, words) <= room);
  if (text === undefined) return;
  const width = widthOf(context, text);
  const x = (begin + end - width) / 2;
  context.fillStyle = colours.bg;
  context.fillRect(Math.round(x) - 6, height / 2 - 10, Math.ceil(width) + 12, 20);
  context.fillStyle = colours.gap;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, x, height / 2 + 1);
}

const widths = new Map<string, number>();

function widthOf(context: CanvasRenderingContext2D, text: string): number {
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size > 500) widths.clear();
    width = context.measureText(text).width;
    widths.set(text, width);
  }
  return width;
}

/** What stands out: height and strength are the score; the strongest few have a marker. */
export class BarPainter {
  /** The highest of each few pixels and where it is: thousands cost no more than there are pixels, and hide no more of the levels. */
  #highest = new Float32Array();
  #where = new Float32Array();

  paint({ context, width, height, colours }: Picture, bars: Bars, span: Span): void {
    if (bars.from.length === 0) return;
    const count = Math.ceil(width / apart) + 2;
    if (this.#highest.length === count) this.#highest.fill(0);
    else [this.#highest, this.#where] = [new Float32Array(count), new Float32Array(count)];
    // Which of them go together does not change while they are moved.
    const together = ((span.to - span.from) / width) * apart;
    const left = Math.floor(span.from / together);
    const first = firstFrom(bars.from, span.from - bars.longest);
    context.fillStyle = colours.hot;
    let i = first;
    for (; i < bars.from.length && bars.from[i]! < span.to; i++) {
      const x = xOf(bars.from[i]!, span, width);
      const length = xOf(bars.to[i]!, span, width) - x;
      if (x + length < -2) continue;
      if (length > 2.5) this.#bar(context, x, length, bars.share[i]!, height);
      else {
        const column = Math.max(0, Math.min(count - 1, Math.floor(bars.from[i]! / together) - left));
        if (bars.share[i]! <= this.#highest[column]!) continue;
        this.#highest[column] = bars.share[i]!;
        this.#where[column] = x;
      }
    }
    for (let k = 0; k < count; k++) if (this.#highest[k]! > 0) this.#bar(context, this.#where[k]! - 1.25, 2.5, this.#highest[k]!, height);
    context.globalAlpha = 1;
    for (let j = first; j < i; j++) {
      if (bars.marked[j] === 0) continue;
      const x = (xOf(bars.from[j]!, span, width) + xOf(bars.to[j]!, span, width)) / 2;
      context.beginPath();
      context.moveTo(x - 4.5, 0);
      context.lineTo(x + 4.5, 0);
      context.lineTo(x, 6);
      context.fill();
    }
  }

  #bar(context: CanvasRenderingContext2D, x: number, length: number, share: number, height: number): void {
    context.globalAlpha = 0.35 + 0.65 * share;
    const high = Math.max(4, share * height);
    if (length > broad) {
      // The levels are seen through what is broad; its upper edge tells the score.
      context.fillRect(x, height - high, length, 2);
      context.globalAlpha *= 0.4;
    }
    context.fillRect(x, height - high, length, high);
  }
}

export interface Moving {
  readonly span: Span;
  readonly now: number;
  /** Where the player is, on this lane. */
  readonly position: number | null;
  /** What the player shows, on this lane. */
  readonly stretch: Span | null;
  /** Where keys are, while this lane has them. */
  readonly cursor: number | null;
  readonly hover: number | null;
}

/** What moves is drawn over the rest, on a canvas of its own. */
export function paintMoving({ context, width, height, colours }: Picture, { span, now, position, stretch, cursor, hover }: Moving): void {
  context.clearRect(0, 0, width, height);
  const line = (at: number, colour: string, thick: number) => {
    const x = xOf(at, span, width);
    if (x < -2 || x > width + 2) return;
    context.fillStyle = colour;
    context.fillRect(x - thick / 2, 0, thick, height);
  };
  if (stretch !== null) {
    const [begin, end] = [xOf(stretch.from, span, width), xOf(stretch.to, span, width)];
    const least = Math.max(0, (17 - (end - begin)) / 2);
    const [left, right] = [Math.max(-2, begin - least), Math.min(width + 2, end + least)];
    if (right > left) {
      context.strokeStyle = colours.ink;
      context.lineWidth = 1;
      context.strokeRect(Math.round(left) + 0.5, 0.5, Math.round(right - left), height - 1);
    }
  }
  line(now, colours.rec, 1.5);
  if (hover !== null) line(hover, colours.dim, 1);
  if (cursor !== null) {
    const x = xOf(cursor, span, width);
    context.fillStyle = colours.focus;
    for (let y = 0; y < height; y += 6) context.fillRect(x - 0.5, y, 1, 3);
    context.fillRect(x - 4, height - 4, 8, 4);
  }
  if (position !== null) line(position, colours.focus, 1.5);
}
