import { expect, test } from 'vitest';
import { LevelTail } from './tail';
import { columnsOf } from './tiles';

const nothing = (count: number) => {
  const columns = columnsOf(count);
  for (const values of [columns.min, columns.max, columns.rms]) values.fill(NaN);
  return columns;
};
const heard = (rms: number | null, peak: (number | null)[], behind?: number) => [{ source: 'garden', rms, peak, clipped: 0, ...(behind !== undefined && { behind }) }];

test('what sounded stands where it sounded, not when it was told', () => {
  const tail = new LevelTail();
  tail.take(heard(-20, [-6, -12], 25), 1_000_000);
  const columns = nothing(10);
  tail.fill('garden', { from: 974_500, to: 975_500 }, columns);
  expect([...columns.rms].map((value) => Number.isNaN(value))).toEqual([true, true, true, true, false, true, true, true, true, true]);
  expect(columns.rms[4]).toBeCloseTo(0.1, 6);
  expect(columns.max[4]).toBeCloseTo(0.501, 3);
  expect(columns.min[4]).toBeCloseTo(-0.501, 3);
});

test('what is known of a recording is not overwritten, and other sources are not mixed in', () => {
  const tail = new LevelTail();
  tail.take(heard(-20, [-6]), 10_100);
  const columns = nothing(1);
  columns.rms[0] = 0.5;
  tail.fill('garden', { from: 10_000, to: 10_100 }, columns);
  expect(columns.rms[0]).toBe(0.5);
  const street = nothing(1);
  tail.fill('street', { from: 10_000, to: 10_100 }, street);
  expect(street.rms[0]).toBeNaN();
});

test('readings that come a little late leave no hole, and long silence of the line does', () => {
  const tail = new LevelTail();
  for (const at of [10_100, 10_190, 10_310, 10_520, 13_000]) tail.take(heard(-20, [-6]), at);
  const columns = nothing(40);
  tail.fill('garden', { from: 10_000, to: 14_000 }, columns);
  const known = [...columns.rms].map((value) => !Number.isNaN(value));
  expect(known.slice(0, 5)).toEqual([true, true, true, true, true]);
  expect(known.slice(5, 29)).not.toContain(true);
  expect(known[29]).toBe(true);
});

test('silence is silence, not nothing', () => {
  const tail = new LevelTail();
  tail.take(heard(null, [null, null]), 10_100);
  const columns = nothing(1);
  tail.fill('garden', { from: 10_000, to: 10_100 }, columns);
  expect(columns.rms[0]).toBe(0);
});

test('five minutes are kept, and a column may hold them all', () => {
  const tail = new LevelTail();
  for (let at = 100; at <= 400_000; at += 100) tail.take(heard(-20, [-6]), at);
  const columns = nothing(400);
  tail.fill('garden', { from: 0, to: 400_000 }, columns);
  const known = [...columns.rms].map((value) => !Number.isNaN(value));
  expect(known.indexOf(true)).toBeGreaterThanOrEqual(99);
  expect(known.filter(Boolean).length).toBeGreaterThanOrEqual(299);
  const whole = nothing(1);
  tail.fill('garden', { from: 0, to: 86_400_000 }, whole);
  expect(whole.rms[0]).toBeCloseTo(0.1, 6);
});
