import type { Section, SectionsAnswer } from '../archive/types';
import type { Span } from '../time/span';
import { type Entry, isOpen } from './entry';

export type Order = 'score' | 'time';

export function spanOf({ start, end }: Section): Span {
  return { from: Date.parse(start), to: Date.parse(end) };
}

export function keyOf({ source, start }: Section): string {
  return `${source}\n${start}`;
}

/** Loudest first; of two alike the earlier. */
export function louder(a: Section, b: Section): number {
  return b.score - a.score || Date.parse(a.start) - Date.parse(b.start);
}

/** Earliest first; of two alike the louder. */
export function earlier(a: Section, b: Section): number {
  return Date.parse(a.start) - Date.parse(b.start) || b.score - a.score;
}

export function ordered(entries: readonly Entry[], order: Order): Entry[] {
  const compare = order === 'score' ? louder : earlier;
  return entries.toSorted((a, b) => compare(a.section, b.section));
}

/** Those of the answer that begin within the span; null when it is the answer to something else. */
export function answered(answer: SectionsAnswer | null, span: Span): Section[] | null {
  if (answer === null || Date.parse(answer.from) > span.from || Date.parse(answer.to) <= span.from) return null;
  return within(answer.sections, span);
}

/** Sections that begin within the span. */
export function within(sections: readonly Section[], { from, to }: Span): Section[] {
  return sections.filter(({ start }) => {
    const at = Date.parse(start);
    return at >= from && at < to;
  });
}

/** The one of that source in which that moment lies; of several the last that began. */
export function sectionAt(sections: readonly Section[], source: string | null, at: number | null): Section | null {
  if (source === null || at === null) return null;
  let found: Section | null = null;
  for (const section of sections) {
    if (section.source !== source) continue;
    const { from, to } = spanOf(section);
    // The end of what stands out is the end of its last window.
    if (from <= at && at <= to && (found === null || from >= Date.parse(found.start))) found = section;
  }
  return found;
}

/** The one before or behind in a list; without one at hand the first, or in time the nearest on that side of `at`. */
export function step(list: readonly Entry[], current: Entry | null, by: 1 | -1, at: number | null = null): Entry | null {
  if (current !== null) {
    const index = indexOf(list, current);
    if (index >= 0) return list[index + by] ?? null;
  }
  if (at === null) return list[0] ?? null;
  return (by > 0 ? list.find(({ section }) => Date.parse(section.start) > at) : list.findLast(({ section }) => Date.parse(section.start) < at)) ?? null;
}

/** The next that is to be reviewed, from the one at hand on and then from the beginning. */
export function nextOpen(list: readonly Entry[], current: Entry | null): Entry | null {
  const index = current === null ? -1 : indexOf(list, current);
  const isNext = (entry: Entry) => isOpen(entry) && (current === null || keyOf(entry.section) !== keyOf(current.section));
  return list.slice(index + 1).find(isNext) ?? list.find(isNext) ?? null;
}

/** Where in a list it is; -1 when it is not there. */
export function indexOf(list: readonly Entry[], { section }: Entry): number {
  const key = keyOf(section);
  return list.findIndex((entry) => keyOf(entry.section) === key);
}

/** What the player shows of a section, and what lies between the handles: with some room before and behind. */
export function framed(section: Section): { stretch: Span; cut: Span } {
  const { from, to } = spanOf(section);
  const room = 1000;
  const cut = { from: from - room, to: to + room };
  const length = Math.min(600_000, Math.max(10_000, (cut.to - cut.from) * 1.8));
  const middle = Math.min((cut.from + cut.to) / 2, cut.from + length / 3);
  return { stretch: { from: middle - length / 2, to: middle + length / 2 }, cut };
}
