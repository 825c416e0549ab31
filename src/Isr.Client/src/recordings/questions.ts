import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { getJson } from '../api/client';
import type { Recording } from '../api/types';
import { Latest } from '../archive/latest';
import { type Parameters, type ParameterStore, parametersQuery } from '../archive/parameters';
import type { Track } from '../archive/tracks';
import type { Section, SectionsAnswer } from '../archive/types';
import { useDesk } from '../desk';
import { useStore } from '../store';
import type { Zone } from '../time/zone';
import { refreshed } from './days';
import { type Filter, filesPath } from './filter';
import { type FileSection, ofFile } from './sections';

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
  const { feed, tracks } = useDesk();
  const { q, source } = filter;
  const [state, setState] = useState<Omit<DayFiles, 'again'>>({ tracks: null, error: null });
  const newest = useRef(0);
  const again = useMemo(
    () => async () => {
      const mine = ++newest.current;
      try {
        const found = q.trim() === '' && source === '' ? await tracks.day(date) : (await getJson<Recording[]>(filesPath(date, filter))).map((file) => tracks.place(file));
        if (mine === newest.current) setState((before) => ({ tracks: refreshed(before.tracks, found), error: null }));
      } catch (error) {
        if (mine === newest.current) setState((before) => ({ ...before, error: (error as Error).message }));
      }
    },
    [date, q, source, tracks],
  );
  useEffect(() => {
    void again();
    const off = feed.changes.subscribe(() => void again());
    return () => {
      newest.current++;
      off();
    };
  }, [again, feed]);
  return { ...state, again: () => void again() };
}

/** What stands out in those recordings. */
export function useSections(date: string, files: readonly Track[] | null) {
  const { zone, parameters, tracks } = useDesk();
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
  const any = files !== null && files.some(({ source }) => source !== '');
  useEffect(() => {
    if (any) latest.ask(`api/sections?${reach}&${parametersQuery(chosen)}`);
  }, [latest, any, reach, chosen]);
  useChanges(() => void latest.again());
  return { answer: state.value, error: state.error, again: () => void latest.again() };
}

/** What stands out in one that belongs to no source; asked for while it is seen, where the list does not say it already. */
export function useOwnSections(track: Track, seen: boolean): readonly Section[] {
  const { zone, parameters } = useDesk();
  const chosen = useStore(parameters, (value) => value);
  const known = useMemo(() => listedSections(track, parameters, zone), [track, chosen, parameters, zone]);
  const [found, setFound] = useState<readonly Section[]>([]);
  const wanted = seen && track.source === '' && known === null;
  useEffect(() => {
    if (!wanted) return;
    const running = new AbortController();
    analyze(track, chosen, zone, running.signal).then(
      setFound,
      // Its lane says why it shows nothing.
      () => setFound([]),
    );
    return () => running.abort();
  }, [track, wanted, chosen, zone]);
  return known ?? found;
}

/** The same of all of a day that belong to no source, one after another where the list does not say it. */
export function useLooseSections(files: readonly Track[] | null, wanted: boolean): { sections: readonly Section[]; all: boolean } {
  const { zone, parameters } = useDesk();
  const chosen = useStore(parameters, (value) => value);
  const loose = useMemo(() => (files ?? []).filter(({ source }) => source === ''), [files]);
  const [found, setFound] = useState<{ sections: readonly Section[]; all: boolean }>({ sections: [], all: false });
  useEffect(() => {
    const listed = loose.flatMap((track) => listedSections(track, parameters, zone) ?? []);
    const unknown = loose.filter((track) => listedSections(track, parameters, zone) === null);
    setFound({ sections: listed, all: unknown.length === 0 });
    if (!wanted || unknown.length === 0) return;
    const running = new AbortController();
    const ask = async (left: readonly Track[], sections: readonly Section[]): Promise<void> => {
      const answers = await Promise.allSettled(left.slice(0, together).map((track) => analyze(track, chosen, zone, running.signal)));
      if (running.signal.aborted) return;
      // What cannot be decoded has nothing that stands out; its row says why.
      const more = [...sections, ...answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))];
      const rest = left.slice(together);
      setFound({ sections: more, all: rest.length === 0 });
      if (rest.length > 0) await ask(rest, more);
    };
    void ask(unknown, listed);
    return () => running.abort();
  }, [loose, wanted, chosen, parameters, zone]);
  return found;
}

/** So many are asked for at the same time. */
const together = 4;

/** Null where the list does not say it: it does only for the server's own parameters. */
function listedSections(track: Track, parameters: ParameterStore, zone: Zone): Section[] | null {
  const known = track.recording.cached_analysis ?? null;
  return known === null || parametersQuery(parameters.value) !== parametersQuery(parameters.usual) ? null : ofFile(track, known, zone);
}

async function analyze(track: Track, chosen: Parameters, zone: Zone, signal: AbortSignal): Promise<Section[]> {
  const { sections } = await getJson<{ sections: FileSection[] }>(`api/analyze?file=${encodeURIComponent(track.recording.name)}&${parametersQuery(chosen)}`, signal);
  return ofFile(track, sections, zone);
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

interface Session {
  role: string;
}

/** Who may only listen is not offered what would be refused. */
export function useMayManage(): boolean {
  const [may, setMay] = useState(false);
  useEffect(() => {
    getJson<Session>('api/session').then(
      ({ role }) => setMay(role === 'manage'),
      // The list says that the server does not answer.
      () => setMay(false),
    );
  }, []);
  return may;
}
