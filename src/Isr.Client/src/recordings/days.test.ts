import { describe, expect, it } from 'vitest';
import type { Recording } from '../api/types';
import { elapsed, groupByDay, matching } from './days';
import { firstHits, noDays, toggled, withNewest } from './open';

function recording(name: string, date: string, change: Partial<Recording> = {}): Recording {
  return { name, date, size: 1000, mtime: 0, duration: 60, recording: false, source: null, started: null,
  sample_rate: null,
  channels: null, ...change };
}

describe('groupByDay', () => {
  it('keeps the recorder’s date, newest first', () => {
    const days = groupByDay([
      recording('a', '2026-11-19 23:59:59'),
      recording('b', '2026-11-20 00:00:00'),
      recording('c', '2026-11-20 12:00:00'),
    ]);
    expect(days.map(({ date, recordings }) => [date, recordings.map(({ name }) => name)])).toEqual([
      ['2026-11-20', ['c', 'b']],
      ['2026-11-19', ['a']],
    ]);
  });
  it('orders by name what started together', () => {
    const [day] = groupByDay([recording('b', '2026-11-20 00:00:00'), recording('a', '2026-11-20 00:00:00')]);
    expect(day?.recordings.map(({ name }) => name)).toEqual(['a', 'b']);
  });
  it('adds up, and keeps apart what still grows', () => {
    const [day] = groupByDay([
      recording('a', '2026-11-20 00:00:00'),
      recording('b', '2026-11-20 01:00:00', { duration: null, recording: true }),
      recording('c', '2026-11-20 02:00:00', { duration: null }),
    ]);
    expect(day).toMatchObject({ seconds: 60, bytes: 3000 });
    expect(day?.growing.map(({ name }) => name)).toEqual(['b']);
  });
  it('is quick with many', () => {
    const many = Array.from({ length: 50_000 }, (_, i) => recording(`f${i}`, `2026-11-${10 + (i % 20)} 00:00:00`));
    const start = performance.now();
    expect(groupByDay(many)).toHaveLength(20);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('matching', () => {
  const list = [recording('Garden/20261120.flac', ''), recording('x.mp3', '', { source: 'Radio 2' })];
  it('looks in name and source, whatever the case', () => {
    expect(matching(list, 'GARDEN')).toHaveLength(1);
    expect(matching(list, 'radio')).toHaveLength(1);
  });
  it('wants every word', () => {
    expect(matching(list, 'garden 1120')).toHaveLength(1);
    expect(matching(list, 'garden radio')).toHaveLength(0);
  });
  it('takes blank for all', () => expect(matching(list, '  ')).toBe(list));
});

describe('elapsed', () => {
  it('counts from the start, whatever its offset', () => {
    const grows = recording('a', '', { started: '2026-11-20T01:00:00+01:00' });
    expect(elapsed(grows, Date.parse('2026-11-20T00:00:30Z') / 1000)).toBe(30);
  });
  it('does not guess a start', () => expect(elapsed(recording('a', ''), 1)).toBeNull());
});

describe('open days', () => {
  const days = groupByDay([recording('a', '2026-11-20 00:00:00'), recording('b', '2026-11-19 00:00:00')]);
  it('opens the newest once', () => {
    const first = withNewest(days, noDays);
    expect([...first.open]).toEqual(['2026-11-20']);
    const closed = toggled(first, '2026-11-20');
    expect(withNewest(days, closed)).toBe(closed);
  });
  it('opens a new day beside those that are open', () => {
    const next = groupByDay([recording('c', '2026-11-21 00:00:00'), ...days.flatMap((day) => day.recordings)]);
    expect([...withNewest(next, withNewest(days, noDays)).open]).toEqual(['2026-11-20', '2026-11-21']);
  });
  it('stays open when days go', () => {
    const state = withNewest(days, noDays);
    expect(withNewest([], state)).toBe(state);
  });
  it('opens what a filter found, up to a point', () => {
    const many = Array.from({ length: 300 }, (_, i) => recording(`f${i}`, `2026-11-${20 - Math.floor(i / 60)} 00:00:00`));
    expect([...firstHits(groupByDay(many))]).toEqual(['2026-11-20']);
  });
});
