import { expect, test } from 'vitest';
import { swipeOf } from './swipes';

test('a swipe goes far enough, and sideways', () => {
  expect(swipeOf(90, 10)).toBe('reviewed');
  expect(swipeOf(-90, -20)).toBe('ignored');
  expect(swipeOf(40, 0)).toBeNull();
  expect(swipeOf(-90, 80)).toBeNull();
});
