import { describe, expect, test } from 'vitest';
import css from '../page/tokens.css?raw';
import { colourTable, darkColours, lightColours, pixelTable, toLab } from './colour';

const grounds = [...css.matchAll(/--bg: (#[0-9a-f]{6})/g)].map(([, colour]) => colour);

describe.each([
  ['dark', darkColours, 1, 0],
  ['light', lightColours, -1, 1],
] as const)('%s', (_, stops, direction, theme) => {
  const table = colourTable(stops);
  const at = (i: number) => [table[i * 3]!, table[i * 3 + 1]!, table[i * 3 + 2]!] as const;

  test('silence is the ground of the page', () => {
    expect(stops[0]).toBe(grounds[theme]);
    expect(`#${at(0).map((part) => part.toString(16).padStart(2, '0')).join('')}`).toBe(stops[0]);
  });

  test('louder is lighter or darker all the way, in even steps', () => {
    const lightness = Array.from({ length: 256 }, (__, i) => toLab(at(i))[0]);
    const steps = lightness.slice(1).map((value, i) => (value - lightness[i]!) * direction);
    const even = Math.abs(lightness[255]! - lightness[0]!) / 255;
    // Bytes are coarse where it is dark: looked at over eight steps.
    for (let i = 0; i + 8 < 256; i++) {
      const eight = (lightness[i + 8]! - lightness[i]!) * direction;
      expect(eight).toBeGreaterThan(even * 8 * 0.7);
      expect(eight).toBeLessThan(even * 8 * 1.3);
    }
    expect(Math.min(...steps)).toBeGreaterThan(-0.0015);
    expect(even * 255).toBeGreaterThan(0.7);
  });
});

test('what is below the floor is silent, and above the ceiling as loud as can be', () => {
  const colours = colourTable(darkColours);
  const pixels = pixelTable(colours, -90, -30);
  expect(pixels[0]).toBe(0xff141210);
  expect(pixels[255 - 180]).toBe(pixels[0]);
  expect(pixels[255 - 60]).toBe(pixels[255]);
  expect(new Set(pixels.slice(255 - 180, 255 - 60)).size).toBeGreaterThan(110);
});
