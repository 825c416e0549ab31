import type { CoverageAnswer, Gap, SectionsAnswer, Section } from '../archive/types';
import { spanOf } from '../review/order';
import type { Span } from '../time/span';

/** What stands out in a source, as lanes draw it: in order of time. */
export interface Bars {
  readonly sections: readonly Section[];
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Of the loudest of all that was asked for, so that heights stay while a span is moved. */
  readonly share: Float32Array;
  /** The strongest few. */
  readonly marked: Uint8Array;
  /** Milliseconds of the longest. */
  readonly longest: number;
}

/** Missing stretches of a source, in order of time. */
export interface Holes {
  readonly gaps: readonly Gap[];
  readonly from: Float64Array;
  /** Infinite where it goes on. */
  readonly to: Float64Array;
}

export const noBars: Bars = { sections: [], from: new Float64Array(), to: new Float64Array(), share: new Float32Array(), marked: new Uint8Array(), longest: 0 };
export const noHoles: Holes = { gaps: [], from: new Float64Array(), to: new Float64Array() };

const mostMarked = 8;
/** Of the loudest; what is fainter gets no marker. */
const leastMarked = 0.7;

export function barsOf(answer: SectionsAnswer | null): Map<string, Bars> {
  const all = answer?.sections ?? [];
  const strongest = all.toSorted((a, b) => b.score - a.score).slice(0, mostMarked);
  const loudest = Math.max(strongest[0]?.score ?? 0, 1);
  const marked = new Set(strongest.filter(({ score }) => score >= leastMarked * loudest));
  const found = new Map<string, Bars>();
  for (const source of new Set(all.map((section) => section.source))) {
    const sections = all.filter((section) => section.source === source);
    const inOrder = sections.map((section) => ({ section, span: spanOf(section) })).toSorted((a, b) => a.span.from - b.span.from);
    found.set(source, {
      sections: inOrder.map(({ section }) => section),
      from: Float64Array.from(inOrder, ({ span }) => span.from),
      to: Float64Array.from(inOrder, ({ span }) => span.to),
      share: Float32Array.from(inOrder, ({ section }) => Math.max(0, section.score) / loudest),
      marked: Uint8Array.from(inOrder, ({ section }) => (marked.has(section) ? 1 : 0)),
      longest: inOrder.reduce((most, { span }) => Math.max(most, span.to - span.from), 0),
    });
  }
  return found;
}

export function holesOf(answer: CoverageAnswer | null): Map<string, Holes> {
  return new Map(
    (answer?.sources ?? []).map(({ source, gaps }) => {
      const inOrder = gaps.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
      return [
        source,
        {
          gaps: inOrder,
          from: Float64Array.from(inOrder, (gap) => Date.parse(gap.from)),
          to: Float64Array.from(inOrder, (gap) => (gap.open ? Infinity : Date.parse(gap.to))),
        },
      ];
    }),
  );
}

/** The first index whose value is not below. */
export function firstFrom(values: Float64Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function gapAt({ gaps, from, to }: Holes, at: number, now: number): Gap | null {
  const i = firstFrom(from, at + 1e-6) - 1;
  return i >= 0 && at < Math.min(to[i]!, now) ? gaps[i]! : null;
}

/** What a pointer means: the section under it, or within so many pixels of it; of several the strongest. */
export function barAt(bars: Bars, span: Span, width: number, x: number, within = 3): Section | null {
  const pixel = (span.to - span.from) / width;
  const at = span.from + x * pixel;
  const reach = within * pixel;
  let found = -1;
  for (let i = firstFrom(bars.from, at - reach - bars.longest); i < bars.from.length && bars.from[i]! <= at + reach; i++) {
    if (bars.to[i]! >= at - reach && (found < 0 || bars.share[i]! > bars.share[found]!)) found = i;
  }
  return bars.sections[found] ?? null;
}
