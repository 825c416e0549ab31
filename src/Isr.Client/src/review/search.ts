import type { Zone } from '../time/zone';
import { type Entry, isOpen } from './entry';

/** Which of what stands out is listed. */
export type Show = 'all' | 'open' | 'said' | 'kept' | 'ignored';

export const showing: readonly [Show, string][] = [
  ['all', 'all'],
  ['open', 'not reviewed'],
  ['said', 'labelled'],
  ['kept', 'kept'],
  ['ignored', 'not this'],
];

export function shows(show: Show, entry: Entry): boolean {
  switch (show) {
    case 'open':
      return isOpen(entry);
    case 'said':
      return entry.said.label !== null;
    case 'kept':
      return entry.said.protected;
    case 'ignored':
      return entry.said.ignored;
    default:
      return true;
  }
}

/** Whether each word is in its source, its label or its recording's name, or begins its date or time. */
export function matches(find: string, { section, said }: Entry, zone: Pick<Zone, 'exactClock' | 'date'>): boolean {
  const words = find.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return true;
  const at = Date.parse(section.start);
  const text = `${section.source}\n${said.label ?? ''}\n${section.file}`.toLowerCase();
  return words.every((word) => text.includes(word) || zone.date(at).startsWith(word) || zone.exactClock(at).startsWith(word));
}
