import type { Track } from '../archive/tracks';

/** A day, as the server sums it up. A recording counts where it begins. */
export interface DaySummary {
  /** `2026-11-20` */
  day: string;
  recordings: number;
  /** Of those whose length is known. */
  seconds: number;
  bytes: number;
  sections: number;
  /** Seconds of all sources together; null where nothing was to be recorded. */
  missing: number | null;
}

/** Which days are open. The newest is opened when it first appears; from then on a person decides. */
export interface OpenDays {
  readonly open: ReadonlySet<string>;
  /** The newest day that was opened by itself. */
  readonly newest: string;
  /** Opened by a filter, as long as that filters. */
  readonly hits: ReadonlySet<string>;
}

export const noDays: OpenDays = { open: new Set(), newest: '', hits: new Set() };

export function isOpen({ open, hits }: OpenDays, date: string): boolean {
  return open.has(date) || hits.has(date);
}

export function withNewest(days: readonly DaySummary[], state: OpenDays): OpenDays {
  const newest = days.find(({ recordings }) => recordings > 0)?.day ?? '';
  return newest <= state.newest ? state : { ...state, open: new Set(state.open).add(newest), newest };
}

export function withOpen(state: OpenDays, date: string): OpenDays {
  return isOpen(state, date) ? state : { ...state, open: new Set(state.open).add(date) };
}

export function toggled(state: OpenDays, date: string): OpenDays {
  if (!isOpen(state, date)) return withOpen(state, date);
  const [open, hits] = [new Set(state.open), new Set(state.hits)];
  open.delete(date);
  hits.delete(date);
  return { ...state, open, hits };
}

const enoughHits = 100;

/** While filtering, the first days are open as well, so that what was found is seen. */
export function firstHits(days: readonly DaySummary[]): ReadonlySet<string> {
  const hits = new Set<string>();
  let rows = 0;
  for (const { day, recordings } of days) {
    rows += recordings;
    if (rows > enoughHits && hits.size > 0) break;
    if (recordings > 0) hits.add(day);
  }
  return hits;
}

/** Days to list: those without recordings only where nothing but days is asked for, and those of which something was just deleted. */
export function listed(days: readonly DaySummary[], byName: boolean, deletedOn: ReadonlySet<string>): DaySummary[] {
  const shown = days.filter(({ day, recordings, missing }) => recordings > 0 || deletedOn.has(day) || (!byName && (missing ?? 0) > 0));
  for (const day of deletedOn) {
    if (!days.some((known) => known.day === day)) shown.push({ day, recordings: 0, seconds: 0, bytes: 0, sections: 0, missing: null });
  }
  return shown.toSorted((a, b) => (a.day < b.day ? 1 : -1));
}

/** Newest first; a track of which nothing became another is the object that it was, so that it is not drawn anew. */
export function refreshed(before: readonly Track[] | null, now: readonly Track[]): Track[] {
  const known = new Map(before?.map((track) => [track.recording.name, track]));
  return now
    .map((track) => {
      const old = known.get(track.recording.name);
      return old !== undefined && !track.recording.recording && isSame(old, track) ? old : track;
    })
    .toSorted((a, b) => b.from - a.from || (a.recording.name < b.recording.name ? -1 : 1));
}

function isSame(a: Track, b: Track): boolean {
  return a.from === b.from && a.to === b.to && a.source === b.source && a.recording.size === b.recording.size && a.recording.recording === b.recording.recording;
}
