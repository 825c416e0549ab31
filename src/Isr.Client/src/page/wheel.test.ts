import { expect, test } from 'vitest';
import { sidewaysOf, wheelFactor } from './wheel';

const turn = (deltaX: number, deltaY: number, shiftKey = false) => sidewaysOf({ deltaX, deltaY, deltaMode: 0, shiftKey } as WheelEvent);

test('a turn of the wheel and its opposite cancel each other, in pixels, lines and pages', () => {
  expect(wheelFactor(120, 0) * wheelFactor(-120, 0)).toBeCloseTo(1, 12);
  expect(wheelFactor(3, 1)).toBeCloseTo(wheelFactor(48, 0), 12);
  expect(wheelFactor(1e9, 2)).toBeLessThan(3);
});

test('a pinch on a touch pad zooms in small steps, and a notch of a wheel with Ctrl not at a leap', () => {
  expect(wheelFactor(-4, 0, true)).toBeCloseTo(0.96, 2);
  expect(wheelFactor(120, 0, true)).toBeLessThan(1.5);
});

test('a wheel with Shift goes sideways, and one that goes sideways itself', () => {
  expect(turn(0, 120)).toBeNull();
  expect(turn(3, -120)).toBeNull();
  expect(turn(40, 10)).toBe(40);
  expect(turn(0, 120, true)).toBe(120);
  // Some browsers turn it themselves.
  expect(turn(120, 0, true)).toBe(120);
});
