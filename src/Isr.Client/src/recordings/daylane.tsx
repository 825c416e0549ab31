import { useCallback, useEffect, useMemo } from 'preact/hooks';
import { type Picture, useCanvas } from '../canvas';
import { useDesk } from '../desk';
import { type Columns, columnsOf } from '../levels/tiles';
import { dayOf } from '../time/span';
import { louder, shareOfScale } from './loudness';
import { useSeen } from './questions';

interface Props {
  date: string;
  sources: readonly string[];
}

/** Half an hour each: tiles of that level hold five days, so that a list of days asks for few. */
const halfHours = 48;
/** More sources than these are not asked for, for a picture of that size. */
const mostSources = 12;
/** More than these share one line, in which the loudest is seen. */
const mostLines = 4;

const columns = columnsOf(halfHours);
const single = columnsOf(halfHours);

/** How loud a day was, as small as that can be seen: its sources below each other. */
export function DayLane({ date, sources }: Props) {
  const { element, seen } = useSeen<HTMLSpanElement>();
  return (
    <span class="thumbnail" ref={element} aria-hidden="true">
      {seen && sources.length <= mostSources && <Thumbnail date={date} sources={sources} />}
    </span>
  );
}

function Thumbnail({ date, sources }: Props) {
  const { zone, tiles } = useDesk();
  const span = useMemo(() => dayOf(zone, date), [zone, date]);
  const draw = useCallback(
    ({ context, width, height, colours }: Picture) => {
      context.clearRect(0, 0, width, height);
      const lines = sources.length > mostLines ? 1 : Math.max(1, sources.length);
      const tall = (height - (lines - 1)) / lines;
      for (let i = 0; i < sources.length; i++) {
        if (i === 0 || lines > 1) forget(columns);
        tiles.read(sources[i]!, span, single);
        louder(columns, single);
        if (lines === 1 && i < sources.length - 1) continue;
        const bottom = height - (lines === 1 ? 0 : (lines - 1 - i) * (tall + 1));
        bars(context, columns.max, width, bottom, tall, colours.peak);
        bars(context, columns.rms, width, bottom, tall, colours.level);
      }
    },
    [span, sources, tiles],
  );
  const { canvas, redraw } = useCanvas(draw);
  useEffect(() => tiles.arrived.subscribe(redraw), [tiles]);
  return <canvas ref={canvas} />;
}

function forget({ max, rms }: Columns): void {
  max.fill(NaN);
  rms.fill(NaN);
}

function bars(context: CanvasRenderingContext2D, values: Columns['rms'], width: number, bottom: number, most: number, colour: string): void {
  const step = width / values.length;
  context.fillStyle = colour;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    const tall = Math.max(1, shareOfScale(value) * most);
    const left = Math.round(i * step);
    context.fillRect(left, bottom - tall, Math.round((i + 1) * step) - left, tall);
  }
}
