import type { Day } from './days';

/** Which days are open. The newest is opened when it first appears; from then on a person decides. */
export interface OpenDays {
  open: ReadonlySet<string>;
  /** The newest day that has been opened on its own. */
  newest: string;
}

export const noDays: OpenDays = { open: new Set(), newest: '' };

export function withNewest(days: readonly Day[], state: OpenDays): OpenDays {
  const newest = days[0]?.date ?? '';
  if (newest <= state.newest) return state;
  return { open: new Set(state.open).add(newest), newest };
}

export function toggled(state: OpenDays, date: string): OpenDays {
  const open = new Set(state.open);
  if (!open.delete(date)) open.add(date);
  return { ...state, open };
}

const enoughHits = 100;

/** While filtering, the first days are open as well, so that what was found is seen. */
export function firstHits(days: readonly Day[]): ReadonlySet<string> {
  const open = new Set<string>();
  let rows = 0;
  for (const { date, recordings } of days) {
    rows += recordings.length;
    if (rows > enoughHits && open.size > 0) break;
    open.add(date);
  }
  return open;
}
