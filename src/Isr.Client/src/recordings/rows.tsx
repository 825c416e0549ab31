import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import { useStore } from '../store';
import { Tombstone } from './deletion';
import { keepList } from './picking';
import { Row, type RowProps } from './row';
import { byFile } from './sections';
import { type Deleted, shelf } from './shelf';

interface Props {
  id: string;
  date: string;
  tracks: readonly Track[];
  deleted: readonly Deleted[];
  sections: readonly Section[];
  /** Not looked through yet; of which no levels can be had. */
  pending: readonly string[];
  undecodable: readonly string[];
  mayManage: boolean;
}

/** Rows drawn at once; a day of many short files is drawn in steps. */
export const step = 300;
/** So many of them in one go; the next while those are seen. */
const batch = 60;

export function Rows({ id, date, tracks, deleted, sections, pending, undecodable, mayManage }: Props) {
  const [limit, setLimit] = useState(batch);
  const wanted = useStore(shelf, ({ reveal, hand }) => reveal ?? hand?.recording.name ?? null);
  const chips = useChipCount();
  const of = useKept(byFile, sections);
  const there = useMemo(() => new Set(tracks.map(({ recording }) => recording.name)), [tracks]);
  const list = useMemo(() => rowsOf(tracks, deleted, there), [tracks, deleted, there]);
  useEffect(() => keepList(date, tracks), [date, tracks]);
  const at = wanted === null ? -1 : list.findIndex((item) => 'recording' in item && item.recording.name === wanted);
  const count = Math.max(limit, Math.ceil((at + 1) / step) * step);
  const more = limit < step ? 0 : Math.min(step, list.length - count);
  useEffect(() => {
    if (limit >= step || list.length <= limit) return;
    const timer = setTimeout(() => setLimit(limit + batch), 20);
    return () => clearTimeout(timer);
  }, [limit, list.length]);

  const row = useKeptRows();
  const rows = useMemo(
    () =>
      list.slice(0, count).map((track) => {
        if (!('recording' in track)) return <Tombstone key={`gone ${track.at.name}`} item={track} />;
        const { name } = track.recording;
        const note = undecodable.includes(name) ? 'Its sound cannot be decoded.' : pending.includes(name) && !track.recording.recording ? 'Not looked through yet.' : null;
        return row(name, { track, sections: of.get(name) ?? none, note, chips, mayManage });
      }),
    [list, count, of, pending, undecodable, chips, mayManage, row],
  );

  return (
    <>
      <ul class="rows" id={id}>{rows}</ul>
      {more > 0 && (
        <button
          class="button more-rows"
          onClick={() => {
            setLimit(count + step);
            shelf.patch({ focus: nameOf(list[count]) });
          }}
        >
          Show {more} more
        </button>
      )}
    </>
  );
}

const none: readonly Section[] = [];

/** Recordings, and what stands in the place of those that were deleted; nothing more where they are back. */
function rowsOf(tracks: readonly Track[], deleted: readonly Deleted[], there: ReadonlySet<string>): readonly (Track | Deleted)[] {
  const gone = deleted.filter(({ at, restored }) => !(restored && there.has(at.name)));
  if (gone.length === 0) return tracks;
  const names = new Set(gone.flatMap(({ restored, items }) => (restored ? [] : items).map(({ picked }) => picked.name)));
  return [...tracks.filter(({ recording }) => !names.has(recording.name)), ...gone].toSorted((a, b) => beginOf(b) - beginOf(a));
}

function beginOf(item: Track | Deleted): number {
  return 'recording' in item ? item.from : item.at.from;
}

function nameOf(item: Track | Deleted | undefined): string | null {
  return item !== undefined && 'recording' in item ? item.recording.name : null;
}

/** Works it out anew from what it was before. */
function useKept<T, R>(work: (value: T, before?: R) => R, value: T): R {
  const before = useRef<R | undefined>(undefined);
  return useMemo(() => (before.current = work(value, before.current)), [work, value]);
}

/** Makes rows; one of which nothing changed is the object that it was, and so is not drawn anew. */
function useKeptRows(): (name: string, props: RowProps) => VNode {
  const [kept] = useState(() => new Map<string, { props: RowProps; row: VNode }>());
  return useCallback(
    (name, props) => {
      const before = kept.get(name);
      if (before !== undefined && (Object.keys(props) as (keyof RowProps)[]).every((key) => before.props[key] === props[key])) return before.row;
      const row = <Row key={name} {...props} />;
      kept.set(name, { props, row });
      return row;
    },
    [kept],
  );
}

/** As many chips as have room in a line. */
function useChipCount(): number {
  const [count, setCount] = useState(fitting);
  useEffect(() => {
    const update = () => setCount(fitting());
    window.addEventListener('resize', update);
    return () => window.removeEventListener('resize', update);
  }, []);
  return count;
}

function fitting(): number {
  const beside = window.innerWidth <= 760 ? 90 : 430;
  return Math.max(1, Math.min(12, Math.floor((window.innerWidth - beside) / 136)));
}
