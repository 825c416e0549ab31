import { expect, test } from 'vitest';
import { countOf, daysPath, filesPath, isFiltering, noFilter, pagePath, passes, placeIn } from './filter';

test('days and the files of a day are asked for with the same filter', () => {
  const filter = { q: ' door & gate ', from: '2026-11-01', to: '', source: 'Radio 2' };
  expect(daysPath(filter)).toBe('api/days?from=2026-11-01&q=door%20%26%20gate&source=Radio%202');
  expect(filesPath('2026-11-20', filter)).toBe('api/files?from=2026-11-20&to=2026-11-20&q=door%20%26%20gate&source=Radio%202');
});

test('all that is listed is asked for page by page', () => {
  expect(pagePath({ ...noFilter, q: 'gate' }, 1000, null)).toBe('api/files?q=gate&limit=1000');
  expect(pagePath(noFilter, 1000, '63_a/b.flac')).toBe('api/files?limit=1000&after=63_a%2Fb.flac');
});

test('the next page is found in the answer, by whatever address', () => {
  expect(placeIn('</isr/api/files?limit=2&after=63_a%2Fb+c.flac>; rel="next"')).toBe('63_a/b c.flac');
  expect(placeIn('</api/files?after=5_x&limit=2>; rel="next"')).toBe('5_x');
  expect(placeIn(null)).toBeNull();
});

test('without a filter all days are asked for', () => {
  expect(daysPath(noFilter)).toBe('api/days');
  expect(isFiltering(noFilter)).toBe(false);
  expect(isFiltering({ ...noFilter, q: '  ' })).toBe(false);
  expect(isFiltering({ ...noFilter, source: 'a' })).toBe(true);
});

const pass = (change: object) => passes({ ...noFilter, ...change }, 'Garden/20261120.flac', '2026-11-20', 'Garden');

test('a recording passes when all of the filter fits', () => {
  expect(pass({ q: 'GARDEN/2026' })).toBe(true);
  expect(pass({ q: 'street' })).toBe(false);
  expect(pass({ from: '2026-11-20', to: '2026-11-20' })).toBe(true);
  expect(pass({ from: '2026-11-21' })).toBe(false);
  expect(pass({ to: '2026-11-19' })).toBe(false);
  expect(pass({ source: 'Street' })).toBe(false);
});

test('what is shown is the sum of the days', () => {
  expect(countOf([3, 0, 4].map((recordings) => ({ day: '', recordings, seconds: 0, bytes: 0, sections: 0, missing: null })))).toBe(7);
});
