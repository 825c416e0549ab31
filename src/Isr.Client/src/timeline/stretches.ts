import type { Span } from '../time/span';
import { addDays, type Zone } from '../time/zone';

/** The week of that day, from Monday on. */
export function weekOf(zone: Zone, date: string): Span {
  const since = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return { from: zone.begin(addDays(date, -since)), to: zone.begin(addDays(date, 7 - since)) };
}

/** The calendar's month of that day. */
export function monthOf(zone: Zone, date: string): Span {
  const first = `${date.slice(0, 7)}-01`;
  const next = `${addDays(first, 31).slice(0, 7)}-01`;
  return { from: zone.begin(first), to: zone.begin(next) };
}

/** So long a stretch that ends soon after now: there is room to see it grow. */
export function upToNow(now: number, length: number): Span {
  return { from: now - 0.8 * length, to: now + 0.2 * length };
}
