import type { Section } from '../archive/types';
import { spanOf } from '../review/order';
import { seconds, spokenScore } from '../review/words';
import { lengthOf, type Span } from '../time/span';
import { second, type Zone } from '../time/zone';

/** So many are named one by one. */
const named = 3;

/** What the picture shows, for those who do not see it. */
export function describe(source: string, stretch: Span, sections: readonly Section[], zone: Zone): string {
  const begin = `${source === '' ? 'A recording' : source}, ${seconds(lengthOf(stretch) / second)} from ${zone.exactClock(stretch.from, 1)}. `;
  if (sections.length === 0) return `${begin}Nothing stands out.`;
  const loudest = sections.toSorted((a, b) => b.score - a.score).slice(0, named);
  const list = loudest.map((section) => `${zone.exactClock(spanOf(section).from, 1)}, ${spokenScore(section.score)}, ${seconds(lengthOf(spanOf(section)) / second)}`);
  return `${begin}${sections.length === 1 ? '1 section stands' : `${sections.length} sections stand`} out: ${list.join('; ')}${sections.length > named ? '; and others' : ''}.`;
}

/** `−90`, with a sign as wide as a figure. */
export function decibels(value: number): string {
  return `${value < 0 ? '−' : ''}${Math.abs(value)}`;
}
