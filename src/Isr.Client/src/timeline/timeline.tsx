import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Track } from '../archive/tracks';
import { mayPass } from '../api/client';
import { useTries } from '../archive/tries';
import type { Section } from '../archive/types';
import { useDesk } from '../desk';
import { dayAtHand } from '../page/place';
import { useStore } from '../store';
import { dayOf, lengthOf, type Span } from '../time/span';
import { day } from '../time/zone';
import { Empty } from './empty';
import { Frame, FrameContext, useDrawn } from './frame';
import { useGestures } from './gestures';
import { Lane } from './lane';
import { usePulse } from './live';
import { timeAt, xOf } from './paint';
import { barAt, barsOf, gapAt, holesOf, noBars, noHoles } from './picture';
import { formatOf, laneNames } from './rows';
import { Ruler } from './ruler';
import { SpanTable } from './table';
import { Toolbar } from './toolbar';
import { missing } from './words';

const noTracks: readonly Track[] = [];

/** A lane for each source, over time. */
export function Timeline({ choose }: { choose: (section: Section) => void }) {
  const desk = useDesk();
  const { zone, feed, place, coverage, sections, tiles, player } = desk;
  const [frame] = useState(() => new Frame());
  const [asTable, setAsTable] = useKept('table');
  const date = useStore(place, (value) => dayAtHand(value, zone, feed.now()));
  const status = useStore(feed.data, (data) => data.status);
  const covered = useStore(coverage.state, (state) => state);
  const found = useStore(sections.state, (state) => state.value);
  const tileError = useStore(tiles.error, (error) => error);
  const settled = useSettled();
  const { tracks, loaded, error: tracksError, again } = useTracks(date);
  const bars = useMemo(() => barsOf(found), [found]);
  const holes = useMemo(() => holesOf(covered.value), [covered.value]);
  const known = laneNames(status?.sources ?? [], covered.value, found, tracks);
  const names = useRemembered(known, status !== null && covered.value !== null);
  const box = useRef<HTMLDivElement>(null);
  const atHand = useStore(place, (value) => value.source);
  useEffect(() => {
    if (box.current !== null && atHand !== null) reveal(box.current, atHand);
  }, [atHand, names.length]);

  usePulse(desk, frame.pulse, useRef(() => frame.width).current);
  useGestures(box, place, !asTable, {
    click: (source, x, width) => {
      const { span } = place.value;
      const section = barAt(bars.get(source) ?? noBars, span, width, x);
      if (section !== null) {
        choose(section);
        return;
      }
      const at = timeAt(x, span, width);
      place.goTo(source, at);
      player.play(source, at);
    },
    hover: (source, x, width) => {
      if (width <= 1) {
        frame.hovered.set(null);
        return;
      }
      const { span } = place.value;
      const at = timeAt(x, span, width);
      const gap = source === null ? null : gapAt(holes.get(source) ?? noHoles, at, feed.now());
      const section = source === null ? null : barAt(bars.get(source) ?? noBars, span, width, x);
      frame.hovered.set({ at, x, source, words: section !== null ? `+${section.score.toFixed(1)} dB above noise` : gap !== null ? missing(gap) : '' });
    },
  });

  useDrawn([place], () => {
    const over = frame.hovered.value;
    // Another moment is under the pointer, which did not move.
    if (over !== null && Math.abs(xOf(over.at, place.value.span, frame.width) - over.x) > 1) frame.hovered.set(null);
  });

  const ofDay = dayOf(zone, date);
  const today = status?.updated ?? null;
  const figuresOf = (source: string) => covered.value?.sources.find((one) => one.source === source)?.days.find((one) => one.day === date)?.figures;
  const gapsOf = (source: string) => {
    const { from, to } = holes.get(source) ?? noHoles;
    return from.reduce((count, begin, i) => count + (begin < ofDay.to && to[i]! > ofDay.from ? 1 : 0), 0);
  };
  const nothing = loaded && tracks.length === 0 && covered.value !== null && lengthOf(settled) < 1.5 * day && names.every((name) => (figuresOf(name)?.recorded ?? 0) === 0);
  const error = covered.error ?? tileError ?? tracksError;
  const retry = () => {
    void coverage.again();
    tiles.refresh();
    again();
  };

  return (
    <FrameContext.Provider value={frame}>
      <section class="timeline" aria-label="Timeline">
        <Toolbar asTable={asTable} setAsTable={setAsTable}>
          {error !== null && (
            <span role="alert">
              The lanes are not complete: {error} <button class="button" onClick={retry}>Retry</button>
            </span>
          )}
        </Toolbar>
        {asTable ? (
          <SpanTable span={settled} names={names} bars={bars} holes={holes} choose={choose} />
        ) : (
          <div class="lanes" ref={box}>
            <Ruler />
            {names.map((source) => (
              <Lane
                key={source}
                source={source}
                bars={bars.get(source) ?? noBars}
                holes={holes.get(source) ?? noHoles}
                settled={settled}
                status={status?.sources?.find(({ name }) => name === source)}
                today={today}
                format={formatNamed(tracks, source)}
                figures={figuresOf(source)}
                gaps={gapsOf(source)}
              />
            ))}
            {nothing && <Empty date={date} configured={(status?.sources ?? []).length > 0} />}
          </div>
        )}
      </section>
    </FrameContext.Provider>
  );
}

/** Where lanes scroll, the one at hand is scrolled to; the page stays where it is. */
function reveal(box: HTMLElement, source: string): void {
  const lane = [...box.querySelectorAll<HTMLElement>('.area')].find((area) => area.dataset.source === source)?.parentElement;
  const ruler = box.querySelector<HTMLElement>('.ruler');
  if (lane === null || lane === undefined || ruler === null || box.scrollHeight <= box.clientHeight) return;
  const [top, bottom] = [lane.offsetTop - ruler.offsetHeight, lane.offsetTop + lane.offsetHeight - box.clientHeight];
  if (box.scrollTop > top) box.scrollTop = top;
  else if (box.scrollTop < bottom) box.scrollTop = bottom;
}

function formatNamed(tracks: readonly Track[], source: string): string | null {
  const track = tracks.find((one) => one.source === source);
  return track === undefined ? null : formatOf(track);
}

/** The span once it rests: what is written in words does not follow each frame. */
function useSettled(): Span {
  const { place } = useDesk();
  const [span, setSpan] = useState(place.value.span);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = place.value.span;
    const off = place.subscribe(() => {
      if (place.value.span === last) return;
      last = place.value.span;
      clearTimeout(timer);
      timer = setTimeout(() => setSpan(last), 150);
    });
    return () => {
      clearTimeout(timer);
      off();
    };
  }, [place]);
  return span;
}

/** Recordings that begin on that day, asked for again when something becomes of them. */
function useTracks(date: string): { tracks: readonly Track[]; loaded: boolean; error: string | null; again: () => void } {
  const { tracks } = useDesk();
  const [state, setState] = useState<{ date: string; tracks: readonly Track[]; error: Error | null } | null>(null);
  const failed = state?.date === date && state.error !== null && mayPass(state.error);
  const { tries, again } = useTries(failed);
  useEffect(() => {
    let here = true;
    tracks.day(date).then(
      (all) => here && setState({ date, tracks: all, error: null }),
      // What was there before says more than nothing.
      (error: unknown) => here && setState((before) => ({ date, tracks: before?.date === date ? before.tracks : noTracks, error: error as Error })),
    );
    return () => {
      here = false;
    };
  }, [tracks, date, tries]);
  const current = state?.date === date;
  return { tracks: state?.tracks ?? noTracks, loaded: current && state.error === null, error: current ? (state.error?.message ?? null) : null, again };
}

/** Lanes stand in their places before anything has answered, and on days without recordings: those that were there last time. */
function useRemembered(names: string[], complete: boolean): string[] {
  const before = useRef<string[] | null>(null);
  before.current ??= JSON.parse(localStorage.getItem('lanes') ?? '[]') as string[];
  const joined = JSON.stringify(names);
  useEffect(() => {
    if (!complete || names.length === 0) return;
    before.current = names;
    localStorage.setItem('lanes', joined);
  }, [complete, joined]);
  if (complete && names.length > 0) return names;
  return [...new Set([...before.current, ...names])];
}

function useKept(name: string): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem(name) === 'on');
  return [
    on,
    (value) => {
      localStorage.setItem(name, value ? 'on' : 'off');
      setOn(value);
    },
  ];
}
