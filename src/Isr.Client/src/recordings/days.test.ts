import { expect, test } from 'vitest';
import type { Recording } from '../api/types';
import type { Track } from '../archive/tracks';
import { type DaySummary, firstHits, isOpen, listed, noDays, refreshed, toggled, withNewest, withOpen } from './days';

const summary = (day: string, recordings = 10, missing: number | null = 0): DaySummary => ({ day, recordings, seconds: 60, bytes: 1, sections: 0, missing });
const days = [summary('2026-11-21'), summary('2026-11-20')];
const none: ReadonlySet<string> = new Set();

function track(name: string, from: number, change: Partial<Recording> = {}): Track {
  const recording: Recording = { name, size: 1, mtime: 0, date: '', duration: 60, recording: false, source: 'a', started: null, sample_rate: null, channels: null, ...change };
  return { recording, source: 'a', from, to: from + 60_000 };
}

test('the newest day opens once, and stays as a person leaves it', () => {
  const first = withNewest(days, noDays);
  expect([...first.open]).toEqual(['2026-11-21']);
  const closed = toggled(first, '2026-11-21');
  expect(withNewest(days, closed)).toBe(closed);
});

test('a day that begins opens beside those that are open', () => {
  const next = withNewest([summary('2026-11-22'), ...days], withNewest(days, noDays));
  expect([...next.open]).toEqual(['2026-11-21', '2026-11-22']);
});

test('a day on which nothing was recorded does not open by itself', () => {
  expect([...withNewest([summary('2026-11-22', 0, 3600), ...days], noDays).open]).toEqual(['2026-11-21']);
});

test('what is open survives that its day is filtered out', () => {
  const state = withOpen(withNewest(days, noDays), '2026-11-20');
  expect(withNewest([], state)).toBe(state);
});

test('what a filter opened can be closed', () => {
  const state = { ...noDays, hits: firstHits(days) };
  expect(isOpen(state, '2026-11-20')).toBe(true);
  expect(isOpen(toggled(state, '2026-11-20'), '2026-11-20')).toBe(false);
});

test('a filter opens what it found, up to a hundred rows', () => {
  const many = [summary('2026-11-22', 0), summary('2026-11-21', 90), summary('2026-11-20', 10), summary('2026-11-19', 1)];
  expect([...firstHits(many)]).toEqual(['2026-11-21', '2026-11-20']);
  expect([...firstHits([summary('2026-11-21', 5000), summary('2026-11-20', 1)])]).toEqual(['2026-11-21']);
});

test('a day without recordings is listed for what is missing, but not to who looks for a name', () => {
  const some = [summary('2026-11-22', 0, 3600), summary('2026-11-21'), summary('2026-11-20', 0, 0)];
  expect(listed(some, false, none).map(({ day }) => day)).toEqual(['2026-11-22', '2026-11-21']);
  expect(listed(some, true, none).map(({ day }) => day)).toEqual(['2026-11-21']);
});

test('the day of which the last recording was deleted stays, so that it can be put back', () => {
  expect(listed([days[0]!], false, new Set(['2026-11-20'])).map(({ day, recordings }) => [day, recordings])).toEqual([['2026-11-21', 10], ['2026-11-20', 0]]);
});

test('recordings are newest first, and stay the objects they were while nothing became of them', () => {
  const before = refreshed(null, [track('a', 0), track('b', 60_000), track('c', 60_000)]);
  expect(before.map(({ recording }) => recording.name)).toEqual(['b', 'c', 'a']);
  const after = refreshed(before, [track('a', 0), track('b', 60_000, { size: 2 }), track('c', 60_000), track('d', 120_000, { recording: true })]);
  expect(after.map(({ recording }) => recording.name)).toEqual(['d', 'b', 'c', 'a']);
  expect([after[1] === before[0], after[2] === before[1], after[3] === before[2]]).toEqual([false, true, true]);
});
