import { expect, test } from 'vitest';
import type { SourceCoverage } from '../archive/types';
import { cellInWords, cellsOf, figuresSince, percentInWords, stripInWords } from './coverage';

const figures = (expected: number, missing: number) => ({ expected, recorded: expected - missing, missing, percent: expected === 0 ? 0 : (100 * (expected - missing)) / expected });
const coverage = (...days: [string, number, number][]): SourceCoverage => ({
  source: 'a', total: figures(1, 0), gaps: [], days: days.map(([day, expected, missing]) => ({ day, figures: figures(expected, missing) })),
});

test('thirty days end today, and those on which nothing was expected are empty', () => {
  const cells = cellsOf(coverage(['2026-11-22', 1000, 250], ['2026-10-24', 10, 0], ['2026-10-23', 10, 10]), '2026-11-22');
  expect(cells).toHaveLength(30);
  expect(cells[0]).toEqual({ date: '2026-10-24', share: 1, missing: 0 });
  expect(cells[1]).toEqual({ date: '2026-10-25', share: null, missing: 0 });
  expect(cells[29]).toEqual({ date: '2026-11-22', share: 0.75, missing: 250 });
});

test('a cell says what is missing on its day', () => {
  expect(cellInWords({ date: '2026-11-20', share: 1, missing: 0 })).toBe('Fri 20 Nov 2026: complete');
  expect(cellInWords({ date: '2026-11-20', share: 0.5, missing: 1140 })).toBe('Fri 20 Nov 2026: 19 min missing');
  expect(cellInWords({ date: '2026-11-20', share: null, missing: 0 })).toBe('Fri 20 Nov 2026: nothing was to be recorded');
});

test('days are summed up from one on', () => {
  const month = coverage(['2026-11-15', 100, 100], ['2026-11-16', 86_400, 0], ['2026-11-22', 1000, 250]);
  expect(figuresSince(month, '2026-11-22')).toEqual(figures(1000, 250));
  expect(figuresSince(month, '2026-11-16')).toEqual(figures(87_400, 250));
  expect(figuresSince(month, '2026-11-23')).toBeNull();
});

test('a hundred per cent is said only where nothing is missing', () => {
  expect([figures(100, 0), figures(2_592_000, 2), figures(100, 1.3), figures(0, 0)].map(percentInWords)).toEqual(['100 %', '99.9 %', '98.7 %', '']);
});

test('the strip names the worst days first', () => {
  expect(stripInWords(cellsOf(coverage(['2026-11-20', 86_400, 60], ['2026-11-21', 86_400, 8340], ['2026-11-22', 100, 0]), '2026-11-22')))
    .toBe('Incomplete on 2 of 3 days: Sat 21 Nov 2026 2 h 19 min, Fri 20 Nov 2026 1 min.');
  expect(stripInWords(cellsOf(coverage(['2026-11-22', 100, 0]), '2026-11-22'))).toBe('Complete on 1 day.');
  expect(stripInWords(cellsOf(null, '2026-11-22'))).toBe('Nothing was to be recorded in the last 30 days.');
});
