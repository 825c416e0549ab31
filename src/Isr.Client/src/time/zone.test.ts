import { expect, test } from 'vitest';
import { addDays, hour, minute, Zone } from './zone';

const berlin = new Zone({
  zone: 'Europe/Berlin',
  offsets: [
    { from: '2000-01-01T00:00:00Z', minutes: 60 },
    { from: '2026-03-29T01:00:00Z', minutes: 120 },
    { from: '2026-10-25T01:00:00Z', minutes: 60 },
  ],
});
const at = (iso: string) => Date.parse(iso);
const length = (date: string) => berlin.begin(addDays(date, 1)) - berlin.begin(date);

test('the clock is the recorder’s', () => {
  expect(berlin.clock(at('2026-11-20T01:31:30.45Z'))).toBe('02:31:30');
  expect(berlin.clock(at('2026-11-20T01:31:30.45Z'), 1)).toBe('02:31:30.4');
  expect(berlin.date(at('2026-11-19T23:30:00Z'))).toBe('2026-11-20');
  expect(berlin.iso(at('2026-07-01T12:00:00Z'))).toBe('2026-07-01T14:00:00.000+02:00');
});

test('the hour that comes twice is told apart', () => {
  const [first, later, ...rest] = berlin.instants('2026-10-25', 2.5 * hour);
  expect(rest).toEqual([]);
  expect(berlin.exactClock(first!)).toBe('02:30:00 +02:00');
  expect(berlin.exactClock(later!)).toBe('02:30:00 +01:00');
  expect(later! - first!).toBe(hour);
  expect(berlin.exactClock(at('2026-10-25T02:30:00Z'))).toBe('03:30:00');
});

test('the hour that is left out never comes', () => {
  expect(berlin.instants('2026-03-29', 2.5 * hour)).toEqual([]);
});

test('days are as long as they are', () => {
  expect(length('2026-03-29')).toBe(23 * hour);
  expect(length('2026-10-25')).toBe(25 * hour);
  expect(length('2026-11-20')).toBe(24 * hour);
});

test('a day whose midnight is left out begins where the clock lands', () => {
  const cairo = new Zone({ zone: 'x', offsets: [{ from: '2000-01-01T00:00:00Z', minutes: 120 }, { from: '2026-04-23T22:00:00Z', minutes: 180 }] });
  expect(cairo.begin('2026-04-24')).toBe(at('2026-04-23T22:00:00Z'));
  expect(cairo.clock(cairo.begin('2026-04-24'))).toBe('01:00:00');
});

test('offsets of half an hour and behind UTC are written right', () => {
  const newfoundland = new Zone({ zone: 'x', offsets: [{ from: '2000-01-01T00:00:00Z', minutes: -150 }] });
  expect(newfoundland.iso(at('2026-11-20T00:00:00Z'))).toBe('2026-11-19T21:30:00.000-02:30');
  expect(newfoundland.timeOfDay(at('2026-11-20T00:00:00Z'))).toBe(21 * hour + 30 * minute);
});
