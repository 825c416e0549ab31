import { expect, test } from 'vitest';
import { page } from './follow';

test('the page is turned at its end, and shows what comes', () => {
  const stretch = { from: 0, to: 20_000 };
  expect(page(stretch, 0)).toBe(stretch);
  expect(page(stretch, 19_000)).toBe(stretch);
  const next = page(stretch, 19_700);
  expect(next.from).toBeLessThan(19_700);
  expect(next.from).toBeGreaterThan(18_000);
  expect(next.to - next.from).toBe(20_000);
  expect(page(next, 19_700)).toBe(next);
  expect(page(stretch, -3000).from).toBeLessThan(-3000);
});

test('what is shorter than a second does not flicker', () => {
  const stretch = { from: 0, to: 500 };
  expect(page(stretch, 800)).toBe(stretch);
});
