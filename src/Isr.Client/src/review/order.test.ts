import { expect, test } from 'vitest';
import type { Section } from '../archive/types';
import { nothingSaid, type Said } from '../marks/said';
import type { Entry } from './entry';
import { framed, louder, nextOpen, ordered, sectionAt, step, within } from './order';

const section = (source: string, second: number, score: number, seconds = 2): Section => ({
  source,
  start: new Date(second * 1000).toISOString(),
  end: new Date((second + seconds) * 1000).toISOString(),
  score,
  file: 'x.flac',
  offset: second,
  files: ['x.flac'],
});
const a = section('garden', 10, 20);
const b = section('garden', 30, 31);
const c = section('street', 50, 20);
const all = [a, b, c];
const entry = (of: Section, said: Partial<Said> = {}): Entry => ({ section: of, said: { ...nothingSaid, ...said } });
const [ea, eb, ec] = [entry(a), entry(b), entry(c)];
const entries = [ea, eb, ec];

test('the loudest is first, of two alike the earlier', () => {
  expect(all.toSorted(louder)).toEqual([b, a, c]);
  expect(ordered(entries, 'score')).toEqual([eb, ea, ec]);
  expect(ordered([ec, eb, ea], 'time')).toEqual([ea, eb, ec]);
});

test('stepping ends at the ends', () => {
  expect(step(entries, ea, 1)).toBe(eb);
  expect(step(entries, ea, -1)).toBeNull();
  expect(step(entries, ec, 1)).toBeNull();
});

test('without one at hand it steps to the nearest on that side', () => {
  expect(step(entries, null, 1)).toBe(ea);
  expect(step(entries, null, 1, 35_000)).toBe(ec);
  expect(step(entries, null, -1, 35_000)).toBe(eb);
});

test('what is to be reviewed next is the next that is open, then the first', () => {
  const [heard, not] = [entry(b, { reviewed: true }), entry(a, { ignored: true })];
  expect(nextOpen([ea, heard, ec], ea)).toBe(ec);
  expect(nextOpen([ea, heard, ec], ec)).toBe(ea);
  expect(nextOpen([ea, heard, ec], null)).toBe(ea);
  expect(nextOpen([not, heard, ec], ec)).toBeNull();
});

test('a moment is in the section of its source that holds it', () => {
  expect(sectionAt(all, 'garden', 31_000)).toBe(b);
  expect(sectionAt(all, 'street', 31_000)).toBeNull();
  expect(sectionAt(all, null, 31_000)).toBeNull();
});

test('a section counts where it begins', () => {
  expect(within(all, { from: 10_000, to: 30_000 })).toEqual([a]);
});

test('the player shows all of a section with room around it', () => {
  for (const seconds of [0.1, 2, 41, 300]) {
    const { stretch, cut } = framed(section('x', 1000, 10, seconds));
    expect(cut).toEqual({ from: 999_000, to: 1_001_000 + seconds * 1000 });
    expect(stretch.from).toBeLessThan(cut.from);
    expect(stretch.to).toBeGreaterThan(cut.to);
  }
});
