import { getJson, request } from '../api/client';
import type { Recording } from '../api/types';
import type { Track } from '../archive/tracks';
import type { Desk } from '../desk';
import { plural } from '../format';
import { type Filter, filesPath, pagePath, passes, placeIn } from './filter';
import { between, type Picked, pickedOf, Selection } from './selection';
import { dateOf } from './shelf';
import { doing, say } from './work';

export const selection = new Selection();

/** Recordings of one answer: one that is read in a few milliseconds. */
const pageOf = 1000;

/** The rows of the days that are open, by date. */
const lists = new Map<string, readonly Track[]>();
/** What was done last to one row; a range goes on from there. */
let anchor: { readonly name: string; readonly on: boolean } | null = null;

/** Tells which rows stand below each other. Returns what takes them away. */
export function keepList(date: string, rows: readonly Track[]): () => void {
  lists.set(date, rows);
  return () => {
    if (lists.get(date) === rows) lists.delete(date);
  };
}

/** Selects a row or takes it out; as a range, all from the last one to it become as that one was made. */
export function pickRow(desk: Desk, track: Track, isRange: boolean): void {
  const { name } = track.recording;
  const shown = [...lists.keys()].toSorted().toReversed().map((date) => lists.get(date)!);
  const range = isRange && anchor !== null ? between(shown, anchor.name, name) : null;
  const on = range === null || anchor === null ? !selection.has(dateOf(track), name) : anchor.on;
  anchor = { name, on };
  say(null);
  selection.set((range ?? [track]).map(pickedOf), on);
  if (range !== null) tell(desk);
}

/** Selects all of a day that the filter lets through, or takes it out; the names of a day that is closed are asked for. */
export async function pickDay(desk: Desk, date: string, filter: Filter, on: boolean): Promise<void> {
  if (!on) {
    selection.set(selection.of(date).filter(({ name, day, source }) => passes(filter, name, day, source)), false);
    tell(desk);
    return;
  }
  await doing('Selecting', 0, async () => {
    const files = await getJson<Recording[]>(filesPath(date, filter));
    selection.set(files.map((file) => pickedOf(desk.tracks.place(file))), true);
    tell(desk);
    return null;
  });
}

/** Selects all that the filter lets through, page by page: there may be very many. */
export async function pickAll(desk: Desk, filter: Filter, count: number): Promise<void> {
  await doing('Selecting', count, async (step, signal) => {
    const found: Picked[] = [];
    const go = async (after: string | null): Promise<void> => {
      const response = await request(pagePath(filter, pageOf, after), { headers: { Accept: 'application/json' }, cache: 'no-store', signal });
      const files = (await response.json()) as Recording[];
      for (const file of files) found.push(pickedOf(desk.tracks.place(file)));
      step(found.length);
      const next = placeIn(response.headers.get('Link'));
      if (next !== null) await go(next);
    };
    await go(null);
    selection.set(found, true);
    tell(desk);
    return null;
  });
}

export function clearSelection(desk: Desk): void {
  anchor = null;
  selection.clear();
  say(null);
  desk.announcements.say('Nothing is selected.');
}

function tell({ announcements }: Desk): void {
  const { count } = selection.sums;
  announcements.say(count === 0 ? 'Nothing is selected.' : `${plural(count, 'recording')} selected.`);
}
