import { useEffect, useRef } from 'preact/hooks';
import { getJson } from '../api/client';
import type { Recording } from '../api/types';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { daysPath, filesPath, isFiltering, noFilter } from './filter';
import { selection } from './picking';
import { pickedOf } from './selection';
import { all, shelf, shown } from './shelf';

/** What is selected is what is there: of days whose sums became others the recordings are looked at again. */
export function useRenewal(): void {
  const { tracks, announcements } = useDesk();
  const filtering = useStore(shelf, ({ filter }) => isFiltering(filter));
  const { value, path } = useStore((filtering ? all : shown).state, (state) => state);
  const known = useRef(new Map<string, string>());
  useEffect(() => {
    if (value === null || path !== daysPath(noFilter)) return;
    let here = true;
    const now = new Map(value.map(({ day, recordings, bytes }) => [day, `${recordings} ${bytes}`]));
    const look = async (days: readonly string[]): Promise<void> => {
      const [day] = days;
      if (day === undefined || !here) return;
      // What is kept of the day may be older than its sums.
      const files = await getJson<Recording[]>(filesPath(day, noFilter));
      if (!here) return;
      selection.renew(day, files.map((file) => pickedOf(tracks.place(file))));
      known.current.set(day, now.get(day) ?? '');
      await look(days.slice(1));
    };
    const before = known.current;
    const changed = selection.days().filter((day) => before.has(day) && before.get(day) !== (now.get(day) ?? ''));
    for (const [day, sums] of now) if (!changed.includes(day)) before.set(day, sums);
    look(changed).catch((error: unknown) => announcements.say(`What is selected may be old: ${(error as Error).message}`));
    return () => void (here = false);
  }, [value, path, tracks, announcements]);
}
