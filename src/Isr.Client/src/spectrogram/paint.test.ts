import { expect, test } from 'vitest';
import { paint } from './paint';

test('high frequencies are on top, time goes to the right', () => {
  const colours = Uint32Array.from({ length: 256 }, (_, i) => i * 10);
  const into = new Uint32Array(6);
  // Three columns of two bins, from the lowest.
  paint(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, colours, into);
  expect([...into]).toEqual([20, 40, 60, 10, 30, 50]);
});
