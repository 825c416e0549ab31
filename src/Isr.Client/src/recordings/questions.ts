import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { getJson } from '../api/client';
import type { Recording } from '../api/types';
import { Latest } from '../archive/latest';
import { parametersQuery } from '../archive/parameters';
import type { Track } from '../archive/tracks';
import { useTries } from '../archive/tries';
import type { SectionsAnswer } from '../archive/types';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { refreshed } from './days';
import { type Filter, filesPath } from './filter';

/** Levels become known one recording after another; looked at each time, thousands would keep the server busy. */
const settle = 2000;

/** Calls it whenever lists may be old, and some time after levels became known. */
export function useChanges(again: () => void): void {
  const { feed } = useDesk();
  const latest = useRef(again);
  latest.current = again;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, settle);
    };
    const leave = [feed.changes.subscribe(() => latest.current()), feed.measured.subscribe(soon)];
    return () => {
      clearTimeout(timer);
      for (const off of leave) off();
    };
  }, [feed]);
}

interface DayFiles {
  /** Newest first; null until known. */
  readonly tracks: Track[] | null;
  readonly error: string | null;
  readonly again: () => void;
}

/** The recordings of an open day that the filter lets through. */
export function useFiles(date: string, filter: Filter): DayFiles {
  const { tracks } = useDesk();
  const { q, source } = filter;
  const [state, setState] = useState<Omit<DayFiles, 'again'>>({ tracks: null, error: null });
  const { tries, again } = useTries(state.error !== null);
  useEffect(() => {
    let here = true;
    const ask = async () => {
      try {
        const found = q.trim() === '' && source === '' ? await tracks.day(date) : (await getJson<Recording[]>(filesPath(date, filter))).map((file) => tracks.place(file));
        if (here) setState((before) => ({ tracks: refreshed(before.tracks, found), error: null }));
      } catch (error) {
        if (here) setState((before) => ({ ...before, error: (error as Error).message }));
      }
    };
    void ask();
    return () => void (here = false);
  }, [date, q, source, tracks, tries]);
  return { ...state, again };
}

/** What stands out in those recordings. */
export function useSections(date: string, files: readonly Track[] | null) {
  const { zone, parameters, tracks, sections } = useDesk();
  const chosen = useStore(parameters, (value) => value);
  const latest = useMemo(() => new Latest<SectionsAnswer>(), [date]);
  const state = useStore(latest.state, (value) => value);
  // A recording may reach into another day.
  const reach = useMemo(() => {
    let [from, to] = [date, date];
    for (const track of files ?? []) {
      const [first, last] = [zone.date(track.from), zone.date(Math.max(track.from, tracks.endOf(track) - 1))];
      if (first < from) from = first;
      if (last > to) to = last;
    }
    return `from=${from}&to=${to}`;
  }, [date, files, zone, tracks]);
  const any = files !== null && files.length > 0;
  const path = `api/sections?${reach}&${parametersQuery(chosen)}`;
  // What the keys step through is often the same.
  const common = useStore(sections.state, (value) => (sections.asked === path ? value : null));
  const isCommon = common !== null;
  useEffect(() => {
    if (any && !isCommon) latest.ask(path);
  }, [latest, any, path, isCommon]);
  useChanges(() => {
    if (!isCommon) void latest.again();
  });
  if (isCommon) return { answer: common.path === path ? common.value : state.value, error: common.error, again: () => void sections.again() };
  return { answer: state.value, error: state.error, again: () => void latest.again() };
}

/** One watch for all rows: hundreds of them would each be looked after by the browser. */
const watched = new WeakMap<Element, (seen: boolean) => void>();
let watch: IntersectionObserver | null = null;

/** Whether it is on the screen, or nearly so. */
export function useSeen<T extends Element>() {
  const element = useRef<T>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    watch ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
      },
      { rootMargin: '160px 0px' },
    );
    watched.set(current, setSeen);
    watch.observe(current);
    return () => {
      watch?.unobserve(current);
      watched.delete(current);
    };
  }, []);
  return { element, seen };
}

/** True once that has lasted so long: a message that comes and goes at once only disturbs. */
export function useLate(waiting: boolean, after = 300): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!waiting) return;
    const timer = setTimeout(() => setLate(true), after);
    return () => clearTimeout(timer);
  }, [waiting, after]);
  return late && waiting;
}
