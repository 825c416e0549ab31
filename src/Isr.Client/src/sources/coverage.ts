import type { CoverageFigures, SourceCoverage } from '../archive/types';
import { day as dayName } from '../format';
import { lengthInWords } from '../recordings/words';
import { addDays } from '../time/zone';

/** So many days are shown, today the last. */
export const daysShown = 30;

/** So many days are a week, today the last. */
export const daysOfWeek = 7;

export interface Cell {
  readonly date: string;
  /** Of what was expected, from 0 to 1; null where nothing was to be recorded. */
  readonly share: number | null;
  readonly missing: number;
}

/** A cell for each of the last days. */
export function cellsOf(coverage: SourceCoverage | null, today: string): Cell[] {
  const known = new Map(coverage?.days.map(({ day, figures }) => [day, figures]));
  return Array.from({ length: daysShown }, (_, i) => {
    const date = addDays(today, i - daysShown + 1);
    const figures = known.get(date);
    if (figures === undefined || figures.expected <= 0) return { date, share: null, missing: 0 };
    return { date, share: Math.min(1, figures.recorded / figures.expected), missing: figures.missing };
  });
}

/** What was recorded on the last days, today among them; null where nothing was to be. */
export function figuresSince(coverage: SourceCoverage, from: string): CoverageFigures | null {
  let [expected, recorded, missing] = [0, 0, 0];
  for (const { day, figures } of coverage.days) {
    if (day < from) continue;
    expected += figures.expected;
    recorded += figures.recorded;
    missing += figures.missing;
  }
  return expected <= 0 ? null : { expected, recorded, missing, percent: (100 * recorded) / expected };
}

export function cellInWords({ date, share, missing }: Cell): string {
  if (share === null) return `${dayName(date)}: nothing was to be recorded`;
  return `${dayName(date)}: ${missing < 1 ? 'complete' : `${lengthInWords(missing)} missing`}`;
}

/** `98.7 %`; all of it only where nothing is missing. */
export function percentInWords({ missing, percent, expected }: CoverageFigures): string {
  if (expected <= 0) return '';
  if (missing < 1) return '100 %';
  return `${Math.min(99.9, Math.max(0, percent)).toFixed(1)} %`;
}

/** The strip for who does not see it: how much, and the worst days. */
export function stripInWords(cells: readonly Cell[]): string {
  const expected = cells.filter(({ share }) => share !== null);
  if (expected.length === 0) return 'Nothing was to be recorded in the last 30 days.';
  const incomplete = expected.filter(({ missing }) => missing >= 1).toSorted((a, b) => b.missing - a.missing);
  if (incomplete.length === 0) return `Complete on ${countOfDays(expected.length)}.`;
  const worst = incomplete.slice(0, 5).map(({ date, missing }) => `${dayName(date)} ${lengthInWords(missing)}`).join(', ');
  return `Incomplete on ${incomplete.length} of ${countOfDays(expected.length)}: ${worst}${incomplete.length > 5 ? ', and others' : ''}.`;
}

function countOfDays(count: number): string {
  return `${count} ${count === 1 ? 'day' : 'days'}`;
}
