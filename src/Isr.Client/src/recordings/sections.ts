import type { Section } from '../archive/types';
import { keyOf, spanOf } from '../review/order';
import { lengthOf, type Span } from '../time/span';
import { minute } from '../time/zone';

/**
 * By recording, in order; a section that goes over a joint of files is in each of them. Lists in which nothing changed are those of
 * before, so that their rows are not drawn anew.
 */
export function byFile(sections: readonly Section[], before: ReadonlyMap<string, Section[]> = new Map()): ReadonlyMap<string, Section[]> {
  const found = new Map<string, Section[]>();
  for (const section of sections) {
    for (const name of section.files.length === 0 ? [section.file] : section.files) {
      const list = found.get(name);
      if (list === undefined) found.set(name, [section]);
      else list.push(section);
    }
  }
  for (const [name, list] of found) {
    const old = before.get(name);
    if (old !== undefined && old.length === list.length && list.every((section, i) => isSame(section, old[i]!))) found.set(name, old);
  }
  return found;
}

function isSame(a: Section, b: Section): boolean {
  return a.start === b.start && a.end === b.end && a.score === b.score && a.file === b.file && a.source === b.source;
}

/** So many of the strongest that begin in that recording, the one at hand among them, in order of time. */
export function strongest(sections: readonly Section[], name: string, count: number, current = ''): Section[] {
  const own = sections.filter(({ file }) => file === name);
  const rank = (section: Section) => (keyOf(section) === current ? Infinity : section.score);
  return own.toSorted((a, b) => rank(b) - rank(a)).slice(0, count).toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

/** Where it lies in the span, from 0 to 1. */
export function shareOf(section: Section, span: Span): Span {
  const { from, to } = spanOf(section);
  const length = Math.max(1, lengthOf(span));
  return { from: Math.max(0, (from - span.from) / length), to: Math.min(1, (to - span.from) / length) };
}

const longestStretch = 10 * minute;

/** What the player shows of a recording: all of it, up to ten minutes, else those around the moment. */
export function stretchOf(recorded: Span, at: number): Span {
  if (lengthOf(recorded) <= longestStretch) return lengthOf(recorded) < 1000 ? { from: recorded.from, to: recorded.from + 1000 } : recorded;
  const from = Math.min(Math.max(recorded.from, at - longestStretch / 2), recorded.to - longestStretch);
  return { from, to: from + longestStretch };
}
