import { expect, test } from 'vitest';
import type { Section } from '../archive/types';
import { keyOf } from '../review/order';
import { minute } from '../time/zone';
import { byFile, shareOf, stretchOf, strongest } from './sections';

const section = (start: number, score: number, ...files: string[]): Section => ({
  source: 'a', start: new Date(start * 1000).toISOString(), end: new Date((start + 2) * 1000).toISOString(), score, file: files[0]!, offset: 0, files,
});

test('a section over a joint is in both recordings, and has its chip in the first', () => {
  const over = section(59, 20, 'a', 'b');
  const [one, two] = [section(10, 10, 'a'), section(70, 10, 'b')];
  const found = byFile([one, over, two]);
  expect(found.get('a')).toEqual([one, over]);
  expect(found.get('b')).toEqual([over, two]);
  expect(strongest(found.get('b')!, 'b', 5)).toEqual([two]);
});

test('lists in which nothing changed stay the objects they were', () => {
  const before = byFile([section(1, 10, 'a'), section(70, 10, 'b')]);
  const after = byFile([section(1, 10, 'a'), section(70, 10, 'b'), section(80, 10, 'b')], before);
  expect(after.get('a')).toBe(before.get('a'));
  expect(after.get('b')).toHaveLength(2);
  expect(byFile([section(1, 11, 'a')], before).get('a')).not.toBe(before.get('a'));
});

test('the strongest are in order of time', () => {
  const list = [section(1, 10, 'a'), section(2, 30, 'a'), section(3, 20, 'a')];
  expect(strongest(list, 'a', 2).map(({ score }) => score)).toEqual([30, 20]);
  expect(strongest(list.toReversed(), 'a', 2).map(({ score }) => score)).toEqual([30, 20]);
  expect(strongest(list, 'a', 2, keyOf(list[0]!)).map(({ score }) => score)).toEqual([10, 30]);
});

test('a section is drawn no further than its lane', () => {
  expect(shareOf(section(59, 1, 'a'), { from: 0, to: 60_000 })).toEqual({ from: 59 / 60, to: 1 });
  expect(shareOf(section(59, 1, 'a'), { from: 60_000, to: 120_000 })).toEqual({ from: 0, to: 1 / 60 });
});

test('the player shows all of a short recording, ten minutes of a long one, and never beyond it', () => {
  expect(stretchOf({ from: 0, to: minute }, 10)).toEqual({ from: 0, to: minute });
  const long = { from: 0, to: 60 * minute };
  expect(stretchOf(long, 30 * minute)).toEqual({ from: 25 * minute, to: 35 * minute });
  expect(stretchOf(long, 0)).toEqual({ from: 0, to: 10 * minute });
  expect(stretchOf(long, 60 * minute)).toEqual({ from: 50 * minute, to: 60 * minute });
  expect(stretchOf({ from: 5, to: 5 }, 5)).toEqual({ from: 5, to: 1005 });
});
