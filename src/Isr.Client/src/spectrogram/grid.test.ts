import { expect, test } from 'vitest';
import { above, columns, keyOf, levelFor, longestLevel, shortestLevel, tileAt, tileLength } from './grid';

test('a column is one to two pixels wide, from a fraction of a second to ten minutes', () => {
  for (let length = 5000; length <= 600_000; length *= 1.3) {
    for (const pixels of [660, 1000, 2600]) {
      const level = levelFor(length, pixels);
      const wide = (tileLength(level) / columns / length) * pixels;
      expect(wide).toBeGreaterThanOrEqual(1);
      expect(wide).toBeLessThan(2);
    }
  }
  expect(levelFor(1, 1000)).toBe(shortestLevel);
  expect(levelFor(1e9, 100)).toBe(longestLevel);
});

test('tiles lie side by side, and each in one of the next level', () => {
  expect(tileAt(3, 7999)).toBe(0);
  expect(tileAt(3, 8000)).toBe(1);
  for (let index = 0; index < 20; index++) {
    const start = index * tileLength(2);
    expect(above(index, 3)).toBe(tileAt(5, start));
  }
});

test('every tile of every recording has a number of its own', () => {
  const keys = new Set<number>();
  for (const recording of [0, 1, 50_000]) {
    for (let level = shortestLevel; level <= longestLevel; level++) {
      for (const index of [0, 1, 2 ** 28 - 1]) keys.add(keyOf(recording, level, index));
    }
  }
  expect(keys.size).toBe(3 * 16 * 3);
  expect([...keys].every(Number.isSafeInteger)).toBe(true);
});
