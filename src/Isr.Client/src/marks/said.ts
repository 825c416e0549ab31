import type { Section } from '../archive/types';
import { second } from '../time/zone';
import { type Aspect, type Mark, says } from './mark';

/** What was said of a section. */
export interface Said {
  readonly reviewed: boolean;
  /** Not what is looked for. */
  readonly ignored: boolean;
  /** Kept: nothing deletes its recordings. */
  readonly protected: boolean;
  readonly label: string | null;
  /** The marks that say so. */
  readonly marks: readonly Mark[];
}

export const nothingSaid: Said = { reviewed: false, ignored: false, protected: false, label: null, marks: [] };

/**
 * Finds what was said of sections. Where sections begin and end is a matter of parameters, so a mark need not have been made of that very
 * section: it is of it when half of the shorter one is common to both. That it was heard, or is not what is looked for, must have been said of
 * half of the section itself.
 */
export class Sayings {
  readonly #byPlace = new Map<string, Line>();

  constructor(marks: readonly Mark[]) {
    const byPlace = new Map<string, Mark[]>();
    for (const mark of marks) {
      const place = placeOf(mark);
      const list = byPlace.get(place);
      if (list === undefined) byPlace.set(place, [mark]);
      else list.push(mark);
    }
    for (const [place, list] of byPlace) {
      const all = list.map(placed).toSorted((a, b) => a.from - b.from);
      this.#byPlace.set(place, { all, longest: all.reduce((most, { from, to }) => Math.max(most, to - from), 0) });
    }
  }

  of(section: Section): Said {
    const line = this.#byPlace.get(placeOf(section));
    if (line === undefined) return nothingSaid;
    const length = Date.parse(section.end) - Date.parse(section.start);
    const meeting = meet(line, section.source === '' ? section.offset * second : Date.parse(section.start), length);
    if (meeting.length === 0) return nothingSaid;
    const saidOf = (aspect: Aspect) => meeting.reduce((sum, { mark, common }) => (says(mark, aspect) ? sum + common : sum), 0);
    const own = meeting.filter(({ from, to, common }) => common >= Math.min(length, to - from) / 2);
    const labelled = own.filter(({ mark }) => says(mark, 'label')).toSorted((a, b) => b.common - a.common)[0];
    return {
      reviewed: saidOf('reviewed') >= length / 2,
      ignored: saidOf('ignored') >= length / 2,
      protected: own.some(({ mark }) => says(mark, 'protected')),
      label: labelled?.mark.label ?? null,
      marks: own.map(({ mark }) => mark),
    };
  }
}

/** Marks of a place in the order of their beginnings. */
interface Line {
  readonly all: readonly Placed[];
  readonly longest: number;
}

/** Those that share a moment with a stretch, and how much. */
function meet({ all, longest }: Line, start: number, length: number): (Placed & { common: number })[] {
  const found: (Placed & { common: number })[] = [];
  for (let i = firstAfter(all, start - longest); i < all.length && all[i]!.from < start + length; i++) {
    const each = all[i]!;
    const common = Math.min(each.to, start + length) - Math.max(each.from, start);
    if (common > 0) found.push({ ...each, common });
  }
  return found;
}

function firstAfter(all: readonly Placed[], at: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.from < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Milliseconds since 1970, or within the recording where that has no source. */
interface Placed {
  readonly mark: Mark;
  readonly from: number;
  readonly to: number;
}

function placed(mark: Mark): Placed {
  if ((mark.source ?? '') === '') return { mark, from: (mark.start ?? 0) * second, to: mark.end === null || mark.end === undefined ? Infinity : mark.end * second };
  // While a recording goes on, nobody knows where the whole of it ends.
  return { mark, from: Date.parse(mark.from ?? ''), to: typeof mark.to === 'string' ? Date.parse(mark.to) : Infinity };
}

/** A source's name, or a recording's behind a line feed where that has no source. */
function placeOf({ source, file }: Mark | Section): string {
  return (source ?? '') === '' ? `\n${file}` : source!;
}
