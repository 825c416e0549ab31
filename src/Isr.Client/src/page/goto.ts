import { addDays, day, hour, minute, second, type Zone } from '../time/zone';

export interface Found {
  at: number;
  /** A whole day was asked for. */
  day: boolean;
}

/**
 * What a person types to go to a time: `2:31`, `02:31:30.5`, `20 Nov`, `20.11.2026 02:31`, `2026-11-20 02:31`, `yesterday 2:31`, `now`, an ISO time.
 * A time alone is of the day at hand. Of an hour that comes twice it is the first, or the second when `again` is asked. Null for what it cannot read.
 */
export function readTime(text: string, zone: Zone, dayAtHand: string, now: number): Found | null {
  const asked = text.trim().toLowerCase();
  if (asked === '') return null;
  if (asked === 'now') return { at: now, day: false };
  if (/^\d{4}-\d\d-\d\dt.*(z|[+-]\d\d:?\d\d)$/.test(asked)) {
    const at = Date.parse(text.trim());
    return Number.isNaN(at) ? null : { at, day: false };
  }

  const again = / (again|second|2nd)$/.test(asked);
  const words = asked.replace(/ (again|second|2nd)$/, '').replace(/,\s*|(?<=\d)t(?=\d)/, ' ').split(/\s+/);
  const time = /:/.test(words.at(-1) ?? '') ? clockOf(words.pop() ?? '') : undefined;
  if (time === null) return null;
  const date = words.length === 0 ? dayAtHand : dateOf(words, zone.date(now));
  if (date === null) return null;
  if (time === undefined) return { at: zone.begin(date), day: true };
  const instants = zone.instants(date, time);
  const at = (again ? instants[1] : undefined) ?? instants[0];
  return at === undefined ? null : { at, day: false };
}

function clockOf(word: string): number | null {
  const parts = /^(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d+)?))?$/.exec(word);
  if (parts === null) return null;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  return hours < 24 && minutes < 60 && seconds < 60 ? hours * hour + minutes * minute + Math.round(seconds * second) : null;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function dateOf(words: string[], today: string): string | null {
  // "fri 20 nov 2026" is how the page itself writes it.
  const said = words.join(' ').replace(/^(mon|tue|wed|thu|fri|sat|sun)[a-z]* /, '');
  if (said === 'today') return today;
  if (said === 'yesterday') return addDays(today, -1);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(said);
  if (iso !== null) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})?$/.exec(said);
  if (dotted !== null) return near(today, dotted[3], Number(dotted[2]), Number(dotted[1]));
  const named = /^(\d{1,2})\.? ([a-z]{3})[a-z]*(?: (\d{4}))?$/.exec(said);
  if (named !== null) return near(today, named[3], months.indexOf(named[2] ?? '') + 1, Number(named[1]));
  return null;
}

/** Without a year it is the last one that is not in the future. */
function near(today: string, year: string | undefined, month: number, dayOfMonth: number): string | null {
  if (year !== undefined) return valid(Number(year), month, dayOfMonth);
  const thisYear = Number(today.slice(0, 4));
  const date = valid(thisYear, month, dayOfMonth);
  return date !== null && date > today ? valid(thisYear - 1, month, dayOfMonth) : date;
}

function valid(year: number, month: number, dayOfMonth: number): string | null {
  const at = Date.UTC(year, month - 1, dayOfMonth);
  const date = Number.isNaN(at) ? '' : new Date(at).toISOString().slice(0, 10);
  const same = date === `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(dayOfMonth).padStart(2, '0')}`;
  return same && at % day === 0 ? date : null;
}
