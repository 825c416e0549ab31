import { Latest } from '../archive/latest';
import type { Track } from '../archive/tracks';
import type { Desk } from '../desk';
import type { Done } from '../page/undo';
import { Store } from '../store';
import { type DaySummary, noDays, type OpenDays, withOpen } from './days';
import { type Filter, noFilter } from './filter';
import type { Removed } from './removal';
import { stretchOf } from './sections';
import type { Picked } from './selection';

/** What was deleted here at once; the place of the newest of it stays in the list, with what brings it back. */
export interface Deleted {
  readonly at: Picked;
  readonly items: readonly Removed[];
  readonly done: Done;
  /** It is back, as soon as the list is. */
  readonly restored: boolean;
  readonly error: string | null;
}

interface Shelf {
  readonly filter: Filter;
  readonly days: OpenDays;
  /** Only what stands out, instead of files. */
  readonly highlights: boolean;
  /** The recording below which the player is open. */
  readonly hand: Track | null;
  /** The recording that is to be scrolled into view once it is there, and the one that is to have the focus. */
  readonly reveal: string | null;
  readonly focus: string | null;
  /** What is to be deleted if one says so. */
  readonly asking: readonly Picked[] | null;
  readonly deleted: readonly Deleted[];
}

/** How the list is left, so that it is found again so. */
export const shelf = new Store<Shelf>({
  filter: noFilter, days: noDays, highlights: false, hand: null, reveal: null, focus: null, asking: null, deleted: [],
});

/** Days as they are filtered, and all. */
export const shown = new Latest<DaySummary[]>();
export const all = new Latest<DaySummary[]>();

export function dateOf({ recording }: Track): string {
  return recording.date.slice(0, 10);
}

/** Shows the player below a recording, at that moment. */
export function open({ place, tracks }: Desk, track: Track, at: number): void {
  shelf.patch({ hand: track, days: withOpen(shelf.value.days, dateOf(track)), reveal: track.recording.name });
  place.goTo(track.source, at);
  place.patch({ stretch: stretchOf({ from: track.from, to: tracks.endOf(track) }, at), cut: null });
}

export function play(desk: Desk, track: Track, at: number): void {
  open(desk, track, at);
  desk.player.play(track.source, at);
}

/** After what was pressed has gone, the focus is where one goes on. */
export function focusSoon(find: () => HTMLElement | null | undefined): void {
  requestAnimationFrame(() => requestAnimationFrame(() => find()?.focus()));
}

export function clearFilter(): void {
  shelf.patch({ filter: noFilter });
  focusSoon(() => document.getElementById('filter-name'));
}

export function focusMain(): void {
  document.getElementById('main')?.focus();
}
