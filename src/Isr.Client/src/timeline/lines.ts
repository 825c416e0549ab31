import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import type { Span } from '../time/span';
import type { Bars, Holes } from './picture';
import { missing } from './words';

/** A row of the table that says what a lane shows. */
export interface Line {
  readonly kind: 'recorded' | 'missing' | 'hot';
  readonly from: number;
  readonly to: number;
  readonly goesOn: boolean;
  readonly words: string;
  readonly section: Section | null;
}

/** Recordings follow one another when no more than this lies between them. */
const joint = 500;

/** What there is of a source within the span, in order of time. */
export function linesOf(span: Span, tracks: readonly Track[], bars: Bars, holes: Holes, now: number, endOf: (track: Track) => number): Line[] {
  const recorded: Line[] = [];
  for (const track of tracks.toSorted((a, b) => a.from - b.from)) {
    const before = recorded.at(-1);
    const next: Line = { kind: 'recorded', from: track.from, to: endOf(track), goesOn: track.recording.recording, words: 'recorded', section: null };
    if (before !== undefined && next.from - before.to <= joint) {
      recorded[recorded.length - 1] = { ...before, to: Math.max(before.to, next.to), goesOn: before.goesOn || next.goesOn };
    } else recorded.push(next);
  }
  const absent = holes.gaps.map((gap, i): Line => ({ kind: 'missing', from: holes.from[i]!, to: Math.min(holes.to[i]!, now), goesOn: gap.open, words: missing(gap), section: null }));
  const loud = bars.sections.map((section, i): Line => ({ kind: 'hot', from: bars.from[i]!, to: bars.to[i]!, goesOn: false, words: `stands out +${section.score.toFixed(1)} dB`, section }));
  return [...recorded, ...absent, ...loud].filter(({ from, to }) => from < span.to && to > span.from).toSorted((a, b) => a.from - b.from || b.to - a.to);
}
