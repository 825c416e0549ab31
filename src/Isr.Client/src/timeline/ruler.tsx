import { useCallback } from 'preact/hooks';
import { type Picture, useCanvas } from '../canvas';
import { useDesk } from '../desk';
import { day as dayName } from '../format';
import { dayOf, lengthOf, type Span } from '../time/span';
import { day, second, type Zone } from '../time/zone';
import { useDrawn, useFrame } from './frame';
import { xOf } from './paint';
import { decimalsFor } from './words';

/** Marks of time over all lanes; says what the pointer is over. */
export function Ruler() {
  const { place, zone } = useDesk();
  const frame = useFrame();
  const { canvas, redraw } = useCanvas(
    useCallback((picture: Picture) => {
      const { context, width, height, colours } = picture;
      const { span } = place.value;
      frame.width = width;
      context.clearRect(0, 0, width, height);
      context.font = `11px ${colours.mono}`;
      context.textBaseline = 'middle';
      const taken = paintDate(picture, span, zone);
      context.fillStyle = colours.dim;
      for (const { at, label, strong } of frame.marks(span, width, zone)) {
        const x = xOf(at, span, width);
        const text = labelOf(label, at, strong, span, zone);
        const long = context.measureText(text).width;
        const left = Math.min(width - long, Math.max(0, x - long / 2));
        if (left < taken || x > width + 1) continue;
        context.textAlign = 'left';
        context.fillText(text, left, height / 2 + 1);
      }
      const over = frame.hovered.value;
      if (over === null) return;
      const clock = zone.exactClock(over.at, decimalsFor(span, width));
      const text = over.words === '' ? clock : `${clock}  ${over.words}`;
      const long = Math.min(width, context.measureText(text).width + 12);
      const left = Math.min(width - long, Math.max(0, xOf(over.at, span, width) - 30));
      context.fillStyle = colours.ink;
      context.fillRect(left, 1, long, height - 2);
      context.fillStyle = colours.bg;
      context.textAlign = 'left';
      context.fillText(text, left + 6, height / 2 + 1, width - 12);
    }, []),
  );
  useDrawn([place, frame.hovered], redraw);
  return (
    <div class="ruler">
      <div class="marks" data-time="">
        <canvas ref={canvas} aria-hidden="true" />
      </div>
    </div>
  );
}

/** The date stands at the left edge, unless a whole day is shown; returns how far it reaches. */
function paintDate({ context, height, colours }: Picture, span: Span, zone: Zone): number {
  const date = zone.date(span.from);
  const whole = dayOf(zone, date);
  if (whole.from === span.from && whole.to === span.to) return 0;
  const text = lengthOf(span) > 8 * day ? dayName(date).slice(4) : dayName(date).slice(0, -5);
  context.fillStyle = colours.ink;
  context.textAlign = 'left';
  context.fillText(text, 0, height / 2 + 1);
  return context.measureText(text).width + 12;
}

function labelOf(label: string, at: number, strong: boolean, span: Span, zone: Zone): string {
  const midnight = strong && /^00(:00)?$/.test(label) && zone.timeOfDay(at) < second;
  if (!midnight) return label;
  // The end of the last day is its 24th hour.
  if (at >= span.to) return `24${label.slice(2)}`;
  return at === span.from ? label : dayName(zone.date(at)).slice(4, -5);
}
