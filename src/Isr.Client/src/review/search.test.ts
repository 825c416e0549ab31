import { expect, test } from 'vitest';
import { nothingSaid, type Said } from '../marks/said';
import type { Entry } from './entry';
import { matches, shows } from './search';

const zone = { exactClock: () => '02:31:28', date: () => '2026-11-21' };
const entry = (said: Partial<Said> = {}): Entry => ({
  section: { source: 'garden', start: '2026-11-21T01:31:28Z', end: '2026-11-21T01:31:30Z', score: 20, file: 'garden/20261121_020000.flac', offset: 1888, files: [] },
  said: { ...nothingSaid, ...said },
});

test('each word is looked for in source, label, name and time, in any case', () => {
  expect(matches('', entry(), zone)).toBe(true);
  expect(matches('GARD', entry(), zone)).toBe(true);
  expect(matches('02:31 garden', entry(), zone)).toBe(true);
  expect(matches('bird 2026-11-21', entry({ label: 'Bird' }), zone)).toBe(true);
  expect(matches('bird', entry(), zone)).toBe(false);
  expect(matches('garden 03:31', entry(), zone)).toBe(false);
});

const of = (said: Partial<Said>) => (['all', 'open', 'said', 'kept', 'ignored'] as const).filter((show) => shows(show, entry(said)));

test('what was said of them says which are listed', () => {
  expect(of({})).toEqual(['all', 'open']);
  expect(of({ reviewed: true, label: 'Bird' })).toEqual(['all', 'said']);
  expect(of({ protected: true })).toEqual(['all', 'open', 'kept']);
  expect(of({ ignored: true })).toEqual(['all', 'ignored']);
});
