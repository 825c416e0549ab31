import { expect, test } from 'vitest';
import { nameIn } from './download';

test('a download is named as the server says', () => {
  expect(nameIn('attachment; filename="a.flac"; filename*=UTF-8\'\'Stra%C3%9Fe%201.flac')).toBe('Straße 1.flac');
  expect(nameIn('attachment; filename="20261120_02-31-28_02-31-34.flac"')).toBe('20261120_02-31-28_02-31-34.flac');
  expect(nameIn('attachment; filename="a.wav"; filename*=UTF-8\'\'%E0%A4%A.wav')).toBe('a.wav');
  expect(nameIn('')).toBe('');
});
