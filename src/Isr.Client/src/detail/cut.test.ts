import { describe, expect, test } from 'vitest';
import { Zone } from '../time/zone';
import { between, edgeText, placedEdge, readEdge, seen, shortestCut, withEdge } from './cut';

const berlin = new Zone({
  zone: 'Europe/Berlin',
  offsets: [
    { from: '2000-01-01T00:00:00Z', minutes: 60 },
    { from: '2026-03-29T01:00:00Z', minutes: 120 },
    { from: '2026-10-25T01:00:00Z', minutes: 60 },
  ],
});
const at = Date.parse('2026-11-20T01:31:28.500Z');
const now = Date.parse('2026-11-21T12:00:00Z');
const read = (text: string, near = at) => readEdge(text, berlin, near, now);

describe('a handle', () => {
  const cut = { from: 1000, to: 2000 };
  test('does not go past the other', () => {
    expect(withEdge(cut, 'from', 5000)).toEqual({ from: 2000 - shortestCut, to: 2000 });
    expect(withEdge(cut, 'to', -5000)).toEqual({ from: 1000, to: 1000 + shortestCut });
    expect(withEdge(cut, 'to', 2345.6)).toEqual({ from: 1000, to: 2346 });
  });
  test('goes in steps that are seen', () => {
    expect(seen(1234.4, { from: 0, to: 20_000 })).toBe(1230);
    expect(seen(1234.4, { from: 0, to: 500 })).toBe(1234);
  });
  test('may be drawn from either side', () => {
    expect(between(3000, 1004, { from: 0, to: 20_000 })).toEqual({ from: 1000, to: 3000 });
    expect(between(1003, 1001, { from: 0, to: 20_000 })).toBeNull();
  });
});

describe('a field', () => {
  test('is read as it is written', () => {
    for (const moment of [at, at + 7, at + 70, Date.parse('2026-10-25T00:30:00Z'), Date.parse('2026-10-25T01:30:00.25Z')]) {
      expect(read(edgeText(berlin, moment), moment + 5000)).toBe(moment);
    }
    expect(edgeText(berlin, at)).toBe('02:31:28.5');
    expect(edgeText(berlin, at + 37)).toBe('02:31:28.537');
    expect(edgeText(berlin, Date.parse('2026-10-25T01:30:00Z'))).toBe('02:30:00.0 +01:00');
  });
  test('takes a time without decimals, seconds or a leading zero, and one with its date', () => {
    expect(read('2:31:28')).toBe(at - 500);
    expect(read(' 02:31 ')).toBe(at - 28_500);
    expect(read('2026-11-18 02:31:28.5')).toBe(at - 2 * 86_400_000);
  });
  test('means the nearest such time, also past midnight', () => {
    const midnight = Date.parse('2026-11-20T23:00:00Z');
    expect(read('00:00:05', midnight - 2000)).toBe(midnight + 5000);
    expect(read('23:59:58', midnight + 1000)).toBe(midnight - 2000);
  });
  test('means the nearer of two where the clock shows it twice', () => {
    const second = Date.parse('2026-10-25T01:30:00Z');
    expect(read('02:30:00', second + 1000)).toBe(second);
    expect(read('02:30:00', second - 3_600_000)).toBe(second - 3_600_000);
  });
  test.each(['', '5', 'noon', '25:00', '02:61', '20 Nov', '02:31:28,5', '02:31 +07:00'])('does not guess at “%s”', (text) => {
    expect(read(text)).toBeNull();
  });
});

describe('an edge that was typed', () => {
  const stretch = { from: 0, to: 20_000 };
  test('begins a cut that reaches to the end of what is shown', () => {
    expect(placedEdge(null, stretch, 'from', 5000)).toEqual({ from: 5000, to: 20_000 });
    expect(placedEdge(null, stretch, 'to', 5000)).toEqual({ from: 0, to: 5000 });
    expect(placedEdge(null, stretch, 'from', 30_000)).toEqual({ from: 30_000, to: 31_000 });
  });
  test('moves that end alone, but a start behind the end takes the end with it', () => {
    const cut = { from: 1000, to: 2000 };
    expect(placedEdge(cut, stretch, 'from', 1500)).toEqual({ from: 1500, to: 2000 });
    expect(placedEdge(cut, stretch, 'from', 2000)).toEqual({ from: 2000, to: 3000 });
    expect(placedEdge(cut, stretch, 'to', 1500)).toEqual({ from: 1000, to: 1500 });
  });
  test('is refused where the cut would end before it begins', () => {
    expect(placedEdge({ from: 1000, to: 2000 }, stretch, 'to', 1000)).toBeNull();
  });
});
