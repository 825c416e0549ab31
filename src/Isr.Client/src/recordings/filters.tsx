import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { type Filter, isFiltering } from './filter';
import { pickAll } from './picking';
import { clearFilter, shelf } from './shelf';
import { useSourceNames } from './sourcenames';

const afterLastKey = 200;

/** What is listed, and how much of all that is. */
export function Filters({ shown, all }: { shown: number | null; all: number | null }) {
  const desk = useDesk();
  const filter = useStore(shelf, (value) => value.filter);
  const highlights = useStore(shelf, (value) => value.highlights);
  const sources = useSourceNames(filter.source);
  const set = useDelayed((change) => shelf.patch({ filter: { ...shelf.value.filter, ...change } }));
  return (
    <div class="toolbar" role="search">
      <Name value={filter.q} set={(q) => set({ q })} />
      <Day word="from" value={filter.from} set={(from) => set({ from })} />
      <Day word="to" value={filter.to} set={(to) => set({ to })} />
      {sources.length > 1 && (
        <select class="field" aria-label="Source" value={filter.source} onChange={({ currentTarget }) => shelf.patch({ filter: { ...filter, source: currentTarget.value } })}>
          <option value="">all sources</option>
          {sources.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      )}
      {isFiltering(filter) && <button class="button" onClick={clearFilter}>Show all</button>}
      <span class="count t">{shown === null ? '' : all === null || all === shown ? `${shown} shown` : `${shown} of ${all} shown`}</span>
      <button class="button" disabled={shown === null || shown === 0} onClick={() => void pickAll(desk, filter, shown ?? 0)}>
        {shown === null || shown === 0 ? 'Select all' : isFiltering(filter) ? `Select all ${shown.toLocaleString('en')} that match` : `Select all ${shown.toLocaleString('en')}`}
      </button>
      <button class="button" aria-pressed={highlights} onClick={() => shelf.patch({ highlights: !highlights })}>Highlights only</button>
    </div>
  );
}

interface FieldProps {
  value: string;
  set: (value: string) => void;
}

function Name({ value, set }: FieldProps) {
  const input = useField(value);
  return (
    <input
      ref={input}
      id="filter-name"
      class="field name"
      type="search"
      aria-label="Filter by name"
      placeholder="Filter by name"
      autoComplete="off"
      spellcheck={false}
      onInput={({ currentTarget }) => set(currentTarget.value)}
    />
  );
}

function Day({ word, value, set }: FieldProps & { word: string }) {
  const input = useField(value);
  return (
    <label>
      {word} <input ref={input} class="field" type="date" onInput={({ currentTarget }) => set(currentTarget.value)} />
    </label>
  );
}

/** It holds what is typed, and follows the value where that is set from elsewhere. */
function useField(value: string) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current !== null && input.current.value.trim() !== value.trim()) input.current.value = value;
  }, [value]);
  return input;
}

/** Gathers changes until no key was pressed for a while. */
function useDelayed(apply: (change: Partial<Filter>) => void): (change: Partial<Filter>) => void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const gathered = useRef<Partial<Filter>>({});
  useEffect(() => () => clearTimeout(timer.current), []);
  return (change) => {
    gathered.current = { ...gathered.current, ...change };
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      apply(gathered.current);
      gathered.current = {};
    }, afterLastKey);
  };
}
