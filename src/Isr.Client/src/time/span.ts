import { addDays, day, hour, minute, second, type Zone } from './zone';

/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const shortest = second;
/** A month, also one in which the clock is put back. */
export const longest = 31 * day + hour;

export function lengthOf({ from, to }: Span): number {
  return to - from;
}

export function holds({ from, to }: Span, at: number): boolean {
  return at >= from && at < to;
}

export function around(at: number, length: number): Span {
  return { from: at - length / 2, to: at + length / 2 };
}

/** What is at that time stays where it is. */
export function zoomed(span: Span, factor: number, at: number, limits = { shortest, longest }): Span {
  const length = Math.min(limits.longest, Math.max(limits.shortest, lengthOf(span) * factor));
  const share = (at - span.from) / lengthOf(span);
  const from = at - share * length;
  return { from, to: from + length };
}

export function moved({ from, to }: Span, by: number): Span {
  return { from: from + by, to: to + by };
}

/** Moved no further than needed to show that time, with some room around it. */
export function showing(span: Span, at: number, room = 0.1): Span {
  const keep = lengthOf(span) * room;
  if (at < span.from + keep) return moved(span, at - keep - span.from);
  if (at > span.to - keep) return moved(span, at + keep - span.to);
  return span;
}

export function dayOf(zone: Zone, date: string): Span {
  return { from: zone.begin(date), to: zone.begin(addDays(date, 1)) };
}

export interface Tick {
  readonly at: number;
  readonly label: string;
  /** Begins something larger: a day among hours, a minute among seconds. */
  readonly strong: boolean;
}

const steps = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
].map((seconds) => seconds * second);

/** Marks at round times of the recorder's clock, at least `room` pixels apart. */
export function ticks(span: Span, width: number, zone: Zone, room = 72): Tick[] {
  const least = (lengthOf(span) / Math.max(1, width)) * room;
  const step = steps.find((candidate) => candidate >= least);
  return step === undefined ? dayTicks(span, least, zone) : clockTicks(span, step, zone);
}

function clockTicks(span: Span, step: number, zone: Zone): Tick[] {
  const found: Tick[] = [];
  // Where the clock is set by less than a step, marks begin anew at round times behind it.
  for (let at = aligned(span.from, step, zone); at <= span.to; at = aligned(at + step / 2, step, zone)) {
    const time = zone.timeOfDay(at);
    found.push({ at, label: clockLabel(at, step, zone), strong: isStrong(Math.round(time), step) });
  }
  return found;
}

/** The first round time at or after that one. */
function aligned(at: number, step: number, zone: Zone): number {
  const time = zone.timeOfDay(at);
  const next = Math.ceil((time - 1e-6) / step) * step;
  const then = at + (next - time);
  const leap = zone.offset(then) - zone.offset(at);
  if (leap === 0) return Math.round(then);
  // The clock was set in between.
  return zone.timeOfDay(then) % step === 0 ? Math.round(then) : aligned(then + 1, step, zone);
}

function clockLabel(at: number, step: number, zone: Zone): string {
  const again = step >= minute && zone.isRepeated(at) ? zone.offsetText(at).slice(0, 3) : '';
  if (step >= hour) return `${zone.clock(at).slice(0, 2)}${again}`;
  if (step >= minute) return `${zone.clock(at).slice(0, 5)}${again}`;
  return zone.clock(at, step < 0.01 * second ? 3 : step < 0.1 * second ? 2 : step < second ? 1 : 0);
}

function isStrong(timeOfDay: number, step: number): boolean {
  if (step < second) return timeOfDay % second === 0;
  if (step < minute) return timeOfDay % minute === 0;
  if (step < hour) return timeOfDay % hour === 0;
  return timeOfDay === 0;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function dayTicks(span: Span, least: number, zone: Zone): Tick[] {
  const every = Math.max(1, Math.ceil(least / day));
  const found: Tick[] = [];
  for (let date = zone.date(span.from); zone.begin(date) <= span.to; date = addDays(date, 1)) {
    const at = zone.begin(date);
    const [, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
    // Counted from the first of the month, so that marks stay where they are while the span moves.
    if (at < span.from || (dayOfMonth - 1) % every !== 0 || (every > 1 && dayOfMonth > 31 - every / 2)) continue;
    found.push({ at, label: dayOfMonth === 1 || found.length === 0 ? `${dayOfMonth} ${months[month - 1]}` : String(dayOfMonth), strong: dayOfMonth === 1 });
  }
  return found;
}
