import { describe, expect, it } from 'vitest';
import type { LevelReading } from '../api/types';
import { LevelBoard, floor, level, spoken } from './levels';

const mic: LevelReading = { source: 'mic', rms: -43.2, peak: [-31, null], clipped: 0 };
const line: LevelReading = { source: 'line', rms: null, peak: [null], clipped: 0 };

describe('LevelBoard', () => {
  it('keeps the newest of each source', () => {
    const board = new LevelBoard();
    board.take([mic, line], 0);
    const now = board.take([{ ...mic, rms: -20 }], 100);
    expect(now.get('mic')?.rms).toBe(-20);
    expect(now.get('line')).toEqual(line);
  });

  it('forgets a source that says nothing for a second', () => {
    const board = new LevelBoard();
    board.take([mic, line], 0);
    board.take([line], 900);
    expect([...board.current(1001).keys()]).toEqual(['line']);
    expect(board.current(1901).size).toBe(0);
  });
});

describe('level', () => {
  it.each([
    [null, floor],
    [-90, floor],
    [-60, -60],
    [-12.5, -12.5],
    [0, 0],
    [3, 0],
  ])('%s dB is shown as %s', (decibels, shown) => expect(level(decibels)).toBe(shown));
});

describe('spoken', () => {
  it.each<[Partial<LevelReading>, string]>([
    [{}, '-43 dB'],
    [{ rms: null }, 'silence'],
    [{ rms: -1.4, clipped: 3 }, '-1 dB, too loud'],
  ])('%o', (change, text) => expect(spoken({ ...mic, ...change })).toBe(text));
});
