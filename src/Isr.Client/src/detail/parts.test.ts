import { expect, test } from 'vitest';
import { axis, frequencies, frequencyText, gutter, partsOf, waveZoom } from './parts';

test('spectrogram and wave share the x axis and all of the height', () => {
  const { spectrum, wave } = partsOf(1000, 400);
  expect([spectrum.x, spectrum.width]).toEqual([wave.x, wave.width]);
  expect(spectrum.x + spectrum.width).toBe(1000);
  expect(spectrum.x).toBe(gutter);
  expect(wave.y + wave.height).toBe(400 - axis);
  expect(wave.y).toBeGreaterThan(spectrum.y + spectrum.height);
});

test('frequencies are round, and have room', () => {
  expect(frequencies(4000, 250)).toEqual([1000, 2000, 3000, 4000]);
  expect(frequencies(24_000, 250)).toEqual([5000, 10_000, 15_000, 20_000]);
  for (const top of [4000, 8000, 11_025, 22_050, 96_000]) {
    for (const height of [80, 200, 600]) {
      const marks = frequencies(top, height);
      expect(marks.every((mark, i) => ((mark - (marks[i - 1] ?? 0)) / top) * height >= 40)).toBe(true);
    }
  }
  expect([500, 2500, 12_000].map(frequencyText)).toEqual(['500', '2.5k', '12k']);
});

test('a wave is drawn as large as it fits, in round steps', () => {
  expect([0.9, 0.4, 0.012, 0, NaN].map(waveZoom)).toEqual([1, 2, 50, 100, 1]);
});
