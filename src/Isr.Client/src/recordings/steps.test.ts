import { expect, test } from 'vitest';
import { inSteps } from './steps';

const items = [1, 2, 3, 4, 5];

test('all items are gone through, so many at a time', async () => {
  const told: [number, number][] = [];
  const left = await inSteps(items, 2, (part) => Promise.resolve(part.length), (answer, count) => void told.push([answer, count]), new AbortController().signal);
  expect(told).toEqual([[2, 2], [2, 4], [1, 5]]);
  expect(left).toEqual([]);
});

test('who stops it has the rest left', async () => {
  const stop = new AbortController();
  const left = await inSteps(items, 2, (part) => Promise.resolve(part), (_, count) => (count === 4 ? stop.abort() : undefined), stop.signal);
  expect(left).toEqual([5]);
});

test('a step that fails ends it', async () => {
  let done = 0;
  await expect(inSteps(items, 2, ([first]) => (first === 3 ? Promise.reject(new Error('gone')) : Promise.resolve()), (_, count) => void (done = count), new AbortController().signal)).rejects.toThrow('gone');
  expect(done).toBe(2);
});
