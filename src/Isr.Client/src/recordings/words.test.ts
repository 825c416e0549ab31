import { expect, test } from 'vitest';
import { filesInWords, lengthInWords, missingInWords, shortName, sumsInWords } from './words';

test('lengths are in words that are never longer than needed', () => {
  expect([0.4, 40, 59.6, 1140, 3600, 8340, 3599.9].map(lengthInWords)).toEqual(['0 s', '40 s', '1 min', '19 min', '1 h', '2 h 19 min', '1 h']);
});

test('of less than a second nothing is said to be missing', () => {
  expect([null, 0, 0.9, 1, 8340].map(missingInWords)).toEqual(['', '', '', '1 s missing', '2 h 19 min missing']);
});

test('files are counted', () => {
  expect([0, 1, 2].map(filesInWords)).toEqual(['no files', '1 file', '2 files']);
});

test('the source’s folder is left out of a name', () => {
  expect(shortName('Garden/2026/a.flac', 'Garden')).toBe('2026/a.flac');
  expect(shortName('Gardens/a.flac', 'Garden')).toBe('Gardens/a.flac');
  expect(shortName('a.flac', '')).toBe('a.flac');
});

test('length and size of many are those of their sums', () => {
  expect(sumsInWords({ count: 12, seconds: 11_039.6, bytes: 1.2e9, recording: 0 })).toBe('3:04:00 h, 1.2 GB');
});
