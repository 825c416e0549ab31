import { expect, test } from 'vitest';
import { decibelsOf, readSpectrogram } from './answer';

function answer(columns: number, bins: number, change: (view: DataView) => void = () => {}, extra = 0): ArrayBuffer {
  const extremes = 48 + columns * bins + ((columns * bins) % 2);
  const bytes = new ArrayBuffer(extremes + columns * 4 + extra);
  const view = new DataView(bytes);
  [...'isrspect'].forEach((letter, i) => view.setUint8(i, letter.charCodeAt(0)));
  [1, columns, bins, 48_000].forEach((value, i) => view.setUint32(8 + 4 * i, value, true));
  view.setFloat64(32, 8.5, true);
  view.setFloat64(40, 16, true);
  for (let i = 0; i < columns * bins; i++) view.setUint8(48 + i, i % 256);
  for (let i = 0; i < columns; i++) {
    view.setInt16(extremes + 2 * i, -100 - i, true);
    view.setInt16(extremes + 2 * columns + 2 * i, 32_767 - i, true);
  }
  change(view);
  return bytes;
}

test('reads what is in it, also behind an odd number of levels', () => {
  const read = readSpectrogram(answer(3, 5));
  expect(read).toMatchObject({ columns: 3, bins: 5, rate: 48_000, from: 8.5, to: 16 });
  expect([...read.power]).toEqual([...Array(15).keys()]);
  expect([...read.low]).toEqual([-100, -101, -102]);
  expect([...read.high]).toEqual([32_767, 32_766, 32_765]);
});

test.each([
  ['nothing', new ArrayBuffer(0)],
  ['something else', answer(2, 2, (view) => view.setUint8(0, 0))],
  ['one that was cut off', answer(2, 2).slice(0, -1)],
  ['more than it says', answer(2, 2, undefined, 1)],
  ['one without columns', answer(0, 2)],
  ['one that would be larger than memory', answer(2, 2, (view) => view.setUint32(12, 0xffffffff, true))],
  ['one that ends before it begins', answer(2, 2, (view) => view.setFloat64(40, 8, true))],
  ['another version', answer(2, 2, (view) => view.setUint32(8, 2, true))],
])('refuses %s with a sentence', (_, bytes) => {
  expect(() => readSpectrogram(bytes)).toThrow(/\.$/);
});

test('a byte is half a decibel', () => {
  expect([255, 254, 0].map(decibelsOf)).toEqual([0, -0.5, -127.5]);
});
