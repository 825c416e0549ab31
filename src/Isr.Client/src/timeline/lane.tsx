import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { SourceStatus } from '../api/types';
import type { CoverageFigures } from '../archive/types';
import { type Picture, useCanvas } from '../canvas';
import { useDesk } from '../desk';
import { type Columns, columnsOf } from '../levels/tiles';
import { Meter } from '../levels/meter';
import { ListenButton } from '../player/listen';
import { detail, sentence } from '../sources/sentence';
import { useStore } from '../store';
import { holds, lengthOf, type Span } from '../time/span';
import { useDrawn, useFrame } from './frame';
import { moveFor } from './keys';
import { paintHoles, paintMoving, xOf } from './paint';
import { barAt, type Bars, gapAt, type Holes } from './picture';
import { shownName } from './rows';
import { decimalsFor, gapsInWords, percentage, spokenMoment } from './words';

export interface LaneProps {
  source: string;
  bars: Bars;
  holes: Holes;
  /** The span when it last rested; what is drawn follows the span itself. */
  settled: Span;
  status: SourceStatus | undefined;
  /** The recorder's time, as it writes it. */
  today: string | null;
  /** What is recorded, where no recorder tells. */
  format: string | null;
  /** Of the day at hand. */
  figures: CoverageFigures | undefined;
  gaps: number;
}

export function Lane(props: LaneProps) {
  return (
    <div class="lane">
      <Label {...props} />
      <Area {...props} />
      <Figures {...props} />
    </div>
  );
}

function Label({ source, status, today, format }: LaneProps) {
  const { feed } = useDesk();
  const said = status === undefined ? null : sentence(status, today);
  const what = said === null ? format : said.kind === 'now' ? detail(status!) : said.text;
  return (
    <div class={`label ${said?.kind ?? 'quiet'}`}>
      <b title={shownName(source)}>{shownName(source)}</b>
      <span class="what" title={what ?? undefined}>
        {what}
      </span>
      {said?.kind === 'now' && <ListenButton source={source} short />}
      {said?.kind === 'now' && <Meter source={source} levels={feed.levels} />}
    </div>
  );
}

function Figures({ figures, gaps }: LaneProps) {
  if (figures === undefined || figures.expected <= 0) return <div class="figures" />;
  return (
    <div class={figures.missing > 0 ? 'figures bad' : 'figures'}>
      <b class="t">{percentage(figures)}</b> <span>{gapsInWords(gaps, figures.missing)}</span>
    </div>
  );
}

/** Where sound lies in time: a picture and a slider. */
function Area({ source, bars, holes, settled }: LaneProps) {
  const desk = useDesk();
  const { place, player, tiles, feed, zone } = desk;
  const frame = useFrame();
  const seen = useSeen();
  const focused = useRef(false);
  const at = useStore(place, (value) => (value.source === source ? value.at : null));
  const [own, setOwn] = useState<number | null>(null);
  const columns = useRef<Columns>(columnsOf(0));
  useEffect(() => setOwn(null), [at]);
  useArrivals();

  const middle = Math.min(Math.max(settled.from, feed.now()), (settled.from + settled.to) / 2);
  const cursor = own ?? (at !== null && holds(settled, at) ? at : middle);
  const drawnCursor = useRef(cursor);
  drawnCursor.current = cursor;

  const still = useCanvas(
    useCallback(
      (picture: Picture) => {
        if (!seen.current) return;
        const { context, width, colours } = picture;
        const { span } = place.value;
        frame.width = width;
        const pixels = context.canvas.width;
        if (columns.current.rms.length !== pixels) columns.current = columnsOf(pixels);
        tiles.read(source, span, columns.current);
        const lines = frame.marks(span, width, zone).map((mark) => Math.round(xOf(mark.at, span, pixels)));
        frame.envelope.paint(context, columns.current, lines, Math.max(1, Math.round(pixels / width)), colours);
        paintHoles(picture, holes, span, feed.now());
        frame.bars.paint(picture, bars, span);
      },
      [source, bars, holes],
    ),
  );
  const moving = useCanvas(
    useCallback(
      (picture: Picture) => {
        if (!seen.current) return;
        const { span, stretch, source: chosen, at: moment } = place.value;
        paintMoving(picture, {
          span,
          now: feed.now(),
          position: player.state.value.source === source ? player.position() : null,
          stretch: chosen === source && moment !== null ? stretch : null,
          cursor: focused.current ? drawnCursor.current : null,
          hover: frame.hovered.value?.at ?? null,
        });
      },
      [source],
    ),
  );
  useDrawn([place, tiles.arrived, frame.pulse.grown], still.redraw);
  useDrawn([place, player.state, frame.pulse.moved, frame.hovered], moving.redraw);
  useEffect(() => moving.redraw(), [cursor]);
  seen.redraw = () => {
    still.redraw();
    moving.redraw();
  };

  const length = lengthOf(settled);
  const pixel = length / frame.width;
  const spoken = () => {
    const one = columnsOf(1);
    const around = { from: cursor - pixel / 2, to: cursor + pixel / 2 };
    tiles.read(source, around, one);
    return spokenMoment(
      zone,
      {
        at: cursor,
        gap: gapAt(holes, cursor, feed.now()),
        section: barAt(bars, around, 1, 0.5, 0.5),
        rms: one.rms[0]!,
        known: cursor > feed.now() || tiles.isKnown(source, around, 1),
      },
      decimalsFor(settled, frame.width),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      place.goTo(source, cursor);
      player.play(source, cursor);
      return;
    }
    const to = moveFor(event.key, event.shiftKey, cursor, place.value.span);
    if (to === null) return;
    event.preventDefault();
    setOwn(to);
  };
  const onFocus = (has: boolean) => {
    focused.current = has;
    moving.redraw();
  };

  return (
    <div
      ref={seen.element}
      class="area"
      data-time=""
      data-source={source}
      role="slider"
      tabIndex={0}
      aria-label={shownName(source)}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.round(length / 1000)}
      aria-valuenow={Math.round(Math.min(length, Math.max(0, cursor - settled.from))) / 1000}
      aria-valuetext={spoken()}
      onKeyDown={onKeyDown}
      // Keys move a cursor; a click has a place of its own.
      onFocus={({ currentTarget }) => onFocus(currentTarget.matches(':focus-visible'))}
      onBlur={() => onFocus(false)}
    >
      <canvas ref={still.canvas} />
      <canvas ref={moving.canvas} />
    </div>
  );
}

/** Whether the element is in view; lanes that are scrolled away are not drawn. */
function useSeen() {
  const element = useRef<HTMLDivElement>(null);
  const [state] = useState(() => ({ element, current: true, redraw: () => {} }));
  useEffect(() => {
    const watch = new IntersectionObserver((entries) => {
      const before = state.current;
      state.current = entries.at(-1)?.isIntersecting ?? true;
      if (state.current && !before) state.redraw();
    });
    if (element.current !== null) watch.observe(element.current);
    return () => watch.disconnect();
  }, [state]);
  return state;
}

/** What is said of a moment changes when levels arrive: told when no more come for a while. */
function useArrivals(): void {
  const { tiles } = useDesk();
  const [, setCount] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = tiles.arrived.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => setCount(tiles.arrived.value), 500);
    });
    return () => {
      clearTimeout(timer);
      off();
    };
  }, [tiles]);
}
