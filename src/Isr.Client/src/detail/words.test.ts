import { expect, test } from 'vitest';
import { Zone } from '../time/zone';
import { decibels, describe } from './words';

const zone = new Zone({ zone: 'x', offsets: [{ from: '2000-01-01T00:00:00Z', minutes: 60 }] });
const begin = Date.parse('2026-11-20T01:31:20Z');
const section = (second: number, score: number) => ({
  source: 'garden', score, file: 'x', offset: 0, files: ['x'],
  start: new Date(begin + second * 1000).toISOString(), end: new Date(begin + second * 1000 + 1800).toISOString(),
});

test('the picture is told with what stands out in it, the loudest first', () => {
  const stretch = { from: begin, to: begin + 20_000 };
  expect(describe('garden', stretch, [], zone)).toBe('garden, 20.0 s from 02:31:20.0. Nothing stands out.');
  expect(describe('garden', stretch, [section(10, 34.2)], zone)).toBe('garden, 20.0 s from 02:31:20.0. 1 section stands out: 02:31:30.0, 34.2 decibels above noise, 1.8 s.');
  const many = describe('garden', stretch, [1, 2, 3, 4].map((n) => section(n, n)), zone);
  expect(many).toContain('4 sections stand out: 02:31:24.0');
  expect(many).toMatch(/; and others\.$/);
});

test('minus is as wide as a figure', () => {
  expect([-90, 0].map(decibels)).toEqual(['−90', '0']);
});
