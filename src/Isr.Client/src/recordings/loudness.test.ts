import { expect, test } from 'vitest';
import { columnsOf } from '../levels/tiles';
import { louder, shareOfScale } from './loudness';

test('the height is that of the decibels', () => {
  expect([1, 2, 0, 10 ** (-66 / 20)].map(shareOfScale)).toEqual([1, 1, 0, 0]);
  expect(shareOfScale(10 ** (-33 / 20))).toBeCloseTo(0.5);
});

test('of several sources the loudest is drawn, and nothing where none is known', () => {
  const [all, one] = [columnsOf(4), columnsOf(4)];
  all.rms.set([0.5, 0.1, NaN, NaN]);
  all.max.set([0.5, 0.1, NaN, NaN]);
  one.rms.set([0.25, 0.25, 0.25, NaN]);
  one.max.set([0.25, 0.5, 0.5, NaN]);
  one.min.set([-0.75, -0.25, -0.25, NaN]);
  louder(all, one);
  expect([...all.rms]).toEqual([0.5, 0.25, 0.25, NaN]);
  expect([...all.max]).toEqual([0.75, 0.5, 0.5, NaN]);
});
