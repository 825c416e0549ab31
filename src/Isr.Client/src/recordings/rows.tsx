import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import { useStore } from '../store';
import { Tombstone } from './deletion';
import { Row, type RowProps } from './row';
import { byFile } from './sections';
import { type Deleted, shelf } from './shelf';

interface Props {
  id: string;
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

export function Rows({ id, tracks, deleted, sections, pending, undecodable, mayManage }: Props) {
  const [limit, setLimit] = useState(batch);
  const wanted = useStore(shelf, ({ reveal, hand }) => reveal ?? hand?.recording.name ?? null);
  const chips = useChipCount();
  const of = useKept(byFile, sections);
  const gone = useMemo(() => new Map(deleted.map((item) => [item.track.recording.name, item])), [deleted]);
  const list = useMemo(() => {
    const there = new Set(tracks.map(({ recording }) => recording.name));
    const missing = deleted.map(({ track }) => track).filter(({ recording }) => !there.has(recording.name));
    return missing.length === 0 ? tracks : [...tracks, ...missing].toSorted((a, b) => b.from - a.from);
  }, [tracks, deleted]);
  const there = useMemo(() => new Set(tracks.map(({ recording }) => recording.name)), [tracks]);
  const at = wanted === null ? -1 : list.findIndex(({ recording }) => recording.name === wanted);
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
        const { name } = track.recording;
        const item = gone.get(name);
        if (item !== undefined && !(item.restored && there.has(name))) return <Tombstone key={name} item={item} />;
        const note = undecodable.includes(name) ? 'Its sound cannot be decoded.' : pending.includes(name) && !track.recording.recording ? 'Not looked through yet.' : null;
        return row(name, { track, sections: of.get(name) ?? none, note, chips, mayManage });
      }),
    [list, count, gone, there, of, pending, undecodable, chips, mayManage, row],
  );

  return (
    <>
      <ul class="rows" id={id}>{rows}</ul>
      {more > 0 && (
        <button
          class="button more-rows"
          onClick={() => {
            setLimit(count + step);
            shelf.patch({ focus: list[count]?.recording.name ?? null });
          }}
        >
          Show {more} more
        </button>
      )}
    </>
  );
}

const none: readonly Section[] = [];

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
