import type { Gap } from '../archive/types';
import type { Colours } from '../canvas';
import { lengthOf, type Span, ticks } from '../time/span';
import { second, type Zone } from '../time/zone';
import { axis, type Box, frequencies, frequencyText, gutter } from './parts';

/** Numbers of the frequency axis, with a mark for each. */
export function drawFrequencies(context: CanvasRenderingContext2D, { y, height }: Box, top: number, colours: Colours): void {
  context.fillStyle = colours.dim;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const hertz of frequencies(top, height)) {
    const at = y + height * (1 - hertz / top);
    context.fillText(frequencyText(hertz), gutter - 8, Math.max(y + 6, at));
    context.fillRect(gutter - 4, Math.round(at), 4, 1);
  }
}

/** Times below both, none of them cut off. */
export function drawTimes(context: CanvasRenderingContext2D, { x, width }: Box, bottom: number, stretch: Span, zone: Zone, colours: Colours): void {
  const room = lengthOf(stretch) < 5 * second ? 100 : 76;
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  for (const { at, label, strong } of ticks(stretch, width, zone, room)) {
    const middle = x + ((at - stretch.from) / lengthOf(stretch)) * width;
    context.fillStyle = colours.line;
    context.fillRect(Math.round(middle), bottom, 1, 4);
    const half = context.measureText(label).width / 2;
    if (middle - half < x - gutter || middle + half > x + width) continue;
    context.fillStyle = strong ? colours.ink : colours.dim;
    context.fillText(label, middle, bottom + axis - 5);
  }
}

/** Hatching where a recording is missing. */
export function drawGaps(context: CanvasRenderingContext2D, box: Box, gaps: readonly Gap[], stretch: Span, colours: Colours): void {
  for (const { from, to } of gaps) {
    const x = (at: number) => box.x + ((at - stretch.from) / lengthOf(stretch)) * box.width;
    const left = Math.max(box.x, x(Date.parse(from)));
    const right = Math.min(box.x + box.width, x(Date.parse(to)));
    if (right <= left) continue;
    context.save();
    context.beginPath();
    context.rect(left, box.y, Math.max(2, right - left), box.height);
    context.clip();
    context.strokeStyle = colours.gap;
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    context.beginPath();
    // Counted from the edge of the plot, so that hatching is one pattern whatever is hatched.
    for (let at = left - (left % 8) - box.height; at < right; at += 8) {
      context.moveTo(at, box.y + box.height);
      context.lineTo(at + box.height, box.y);
    }
    context.stroke();
    context.restore();
  }
}
