import { expect, test } from 'vitest';
import { columnsOf } from '../levels/tiles';
import { markHot, peakOf } from './wave';

test('the peak is the furthest swing to either side, of what is known', () => {
  const columns = columnsOf(3);
  columns.min.set([-0.25, -0.75, NaN]);
  columns.max.set([0.5, 0.125, NaN]);
  expect(peakOf(columns)).toBe(0.75);
  columns.min.fill(NaN);
  columns.max.fill(NaN);
  expect(peakOf(columns)).toBeNaN();
});

test('what stands out is marked where it is, however short', () => {
  const hot = new Uint8Array(10);
  const stretch = { from: 1000, to: 2000 };
  markHot([{ from: 1250, to: 1450 }, { from: 1701, to: 1702 }, { from: 0, to: 999 }, { from: 2000, to: 3000 }], stretch, hot);
  expect([...hot].join('')).toBe('0011100100');
  markHot([{ from: 0, to: 5000 }], stretch, hot);
  expect([...hot].join('')).toBe('1111111111');
});
