import { expect, test } from 'vitest';
import { Zone } from '../time/zone';
import { readTime } from './goto';

const zone = new Zone({
  zone: 'Europe/Berlin',
  offsets: [
    { from: '2000-01-01T00:00:00Z', minutes: 60 },
    { from: '2026-03-29T01:00:00Z', minutes: 120 },
    { from: '2026-10-25T01:00:00Z', minutes: 60 },
  ],
});
const now = Date.parse('2026-11-21T12:00:00Z');
const read = (text: string, date = '2026-11-20') => {
  const found = readTime(text, zone, date, now);
  return found === null ? null : `${zone.iso(found.at)}${found.day ? ' (day)' : ''}`;
};

test.each([
  ['02:31', '2026-11-20T02:31:00.000+01:00'],
  ['2:31:30.5', '2026-11-20T02:31:30.500+01:00'],
  ['2026-11-18 02:31', '2026-11-18T02:31:00.000+01:00'],
  ['2026-11-18T02:31', '2026-11-18T02:31:00.000+01:00'],
  ['18.11.2026, 02:31', '2026-11-18T02:31:00.000+01:00'],
  ['18.11. 2:31', '2026-11-18T02:31:00.000+01:00'],
  ['Fri 20 Nov 2026', '2026-11-20T00:00:00.000+01:00 (day)'],
  ['24 dec', '2025-12-24T00:00:00.000+01:00 (day)'],
  ['yesterday 23:59', '2026-11-20T23:59:00.000+01:00'],
  ['today', '2026-11-21T00:00:00.000+01:00 (day)'],
  ['now', '2026-11-21T13:00:00.000+01:00'],
  ['2026-11-20T01:31:30.4Z', '2026-11-20T02:31:30.400+01:00'],
])('%s', (text, at) => expect(read(text)).toBe(at));

test.each(['', 'noon', '25:00', '2:60', '31.2.2026', '2026-13-01', '12', '2:31 2026-11-20', '2026-11-20T99:99:99Z'])('“%s” is no time', (text) =>
  expect(read(text)).toBeNull(),
);

test('an hour that comes twice can be had both times, one that is left out not at all', () => {
  expect(read('2:30', '2026-10-25')).toBe('2026-10-25T02:30:00.000+02:00');
  expect(read('2:30 again', '2026-10-25')).toBe('2026-10-25T02:30:00.000+01:00');
  expect(read('2:30', '2026-03-29')).toBeNull();
});
