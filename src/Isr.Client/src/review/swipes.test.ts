import { expect, test } from 'vitest';
import { swipeOf } from './swipes';

test('a finger that goes sideways swipes, one that trembles or scrolls does not', () => {
  expect(swipeOf(-80, 10)).toBe(1);
  expect(swipeOf(80, -30)).toBe(-1);
  expect(swipeOf(-30, 0)).toBe(0);
  expect(swipeOf(-80, 60)).toBe(0);
});
