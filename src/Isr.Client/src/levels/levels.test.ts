import { describe, expect, it } from 'vitest';
import type { LevelReading } from '../api/types';
import { LevelBoard } from './board';
import { Held } from './held';
import { floor, level, spoken } from './levels';

const mic: LevelReading = { source: 'mic', rms: -43.2, peak: [-31, null], clipped: 0 };
const line: LevelReading = { source: 'line', rms: null, peak: [null], clipped: 0 };

describe('LevelBoard', () => {
  it('keeps the newest of each source', () => {
    const board = new LevelBoard();
    board.take([mic, line], 0);
    board.take([{ ...mic, rms: -20 }], 100);
    expect(board.levels.get('mic')?.rms).toBe(-20);
    expect(board.levels.get('line')?.rms).toBeNull();
  });

  it('forgets a source that says nothing for a second', () => {
    const board = new LevelBoard();
    board.take([mic, line], 0);
    board.take([line], 900);
    board.forget(1001);
    expect([...board.levels.keys()]).toEqual(['line']);
    board.forget(1901);
    expect(board.levels.size).toBe(0);
  });

  it('remembers that a source was too loud until that was seen for a while, though nothing came meanwhile', () => {
    const board = new LevelBoard();
    board.take([{ ...mic, clipped: 2 }], 0);
    board.forget(Infinity);
    board.take([mic], 60_000);
    const held = board.levels.get('mic')!;
    expect(held.isClipped(60_000)).toBe(true);
    held.seen(60_000);
    expect(held.isClipped(64_900)).toBe(true);
    expect(held.isClipped(65_100)).toBe(false);
  });
});

function at(held: Held, peak: number, now: number): number {
  held.take({ ...mic, peak: [peak, null] }, now);
  return Math.round(held.held[0]!);
}

describe('Held', () => {
  it('holds each channel’s peak for a second and a half, then lets it fall', () => {
    const held = new Held();
    expect(at(held, -10, 0)).toBe(-10);
    expect(held.held[1]).toBe(floor);
    for (let now = 100; now < 1500; now += 100) expect(at(held, -40, now)).toBe(-10);
    for (let now = 1500; now < 2000; now += 100) at(held, -40, now);
    expect(at(held, -40, 2000)).toBe(-22);
    for (let now = 2100; now < 4000; now += 100) at(held, -40, now);
    expect(at(held, -40, 4000)).toBe(-40);
    expect(at(held, -5, 4100)).toBe(-5);
  });

  it('begins anew where the channels change, or after a break', () => {
    const held = new Held();
    at(held, -10, 0);
    held.take({ ...mic, peak: [-30] }, 100);
    expect([held.channels, held.held[0]]).toEqual([1, -30]);
    held.take({ ...mic, peak: [-50] }, 9000);
    expect(held.held[0]).toBe(-50);
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
  ])('%o', (change, text) => expect(spoken({ ...mic, ...change }, (change.clipped ?? 0) > 0)).toBe(text));
});
