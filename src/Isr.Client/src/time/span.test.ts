import { expect, test } from 'vitest';
import { dayOf, lengthOf, showing, ticks, zoomed } from './span';
import { day, hour, second, Zone } from './zone';

const berlin = new Zone({
  zone: 'Europe/Berlin',
  offsets: [
    { from: '2000-01-01T00:00:00Z', minutes: 60 },
    { from: '2026-03-29T01:00:00Z', minutes: 120 },
    { from: '2026-10-25T01:00:00Z', minutes: 60 },
  ],
});
const labels = (date: string, width: number) => ticks(dayOf(berlin, date), width, berlin).map(({ label }) => label);

test('zooming keeps what is under the pointer in its place', () => {
  const span = { from: 0, to: day };
  const near = zoomed(span, 0.5, 6 * hour);
  expect(near).toEqual({ from: 3 * hour, to: 15 * hour });
  expect(lengthOf(zoomed(span, 1e-9, 0))).toBe(second);
  expect(lengthOf(zoomed(span, 1e9, 0))).toBe(31 * day + hour);
});

test('a span moves no further than it must', () => {
  const span = { from: 0, to: 100 };
  expect(showing(span, 50)).toBe(span);
  expect(showing(span, 120)).toEqual({ from: 30, to: 130 });
  expect(showing(span, -5)).toEqual({ from: -15, to: 85 });
});

test('a day has its hours, and the one that comes twice twice', () => {
  expect(labels('2026-11-20', 1100)).toEqual(['00', '02', '04', '06', '08', '10', '12', '14', '16', '18', '20', '22', '00']);
  expect(labels('2026-10-25', 2000).slice(0, 6)).toEqual(['00', '01', '02+02', '02+01', '03', '04']);
  expect(labels('2026-03-29', 2000).slice(0, 4)).toEqual(['00', '01', '03', '04']);
});

test('marks are round at any zoom, and never closer than there is room for', () => {
  for (let length = second; length < 31 * day; length *= 1.7) {
    const from = Date.parse('2026-10-24T21:12:13.345Z');
    const width = 1000;
    const marks = ticks({ from, to: from + length }, width, berlin, 60);
    expect(marks.length).toBeGreaterThan(0);
    const distances = marks.slice(1).map(({ at }, i) => ((at - marks[i]!.at) / length) * width);
    // Where the clock is set back, or a month ends, marks may be nearer.
    expect(Math.min(60, ...distances)).toBeGreaterThan(29);
    expect(marks[0]!.at).toBeGreaterThanOrEqual(from);
  }
});
