import { expect, test } from 'vitest';
import { rangeOf, settled } from './range';

const counts = (...loudness: [number, number][]) => {
  const all = Array.from({ length: 256 }, () => 0);
  for (const [decibels, count] of loudness) all[255 + decibels * 2]! += count;
  return all;
};

test('noise is just above the floor, and what stands out of it at the ceiling', () => {
  expect(rangeOf(counts([-83, 9000], [-21, 1000]))).toEqual({ floor: -90, ceiling: -20 });
});

test('a picture of nothing but noise is not made loud, nor one of all loudness flat', () => {
  expect(rangeOf(counts([-83, 1000]))).toEqual({ floor: -90, ceiling: -35 });
  expect(rangeOf(counts([-127.5, 9000], [0, 1000]))).toEqual({ floor: -80, ceiling: 0 });
  expect(rangeOf(counts([-127.5, 1000]))).toEqual({ floor: -120, ceiling: -65 });
});

test('colours stay when loudness changes a little', () => {
  const before = { floor: -90, ceiling: -30 };
  expect(settled(before, { floor: -85, ceiling: -40 })).toBe(before);
  expect(settled(before, { floor: -75, ceiling: -30 })).toEqual({ floor: -75, ceiling: -30 });
  expect(settled(null, before)).toBe(before);
});
