import { expect, test } from 'vitest';
import type { Recording } from '../api/types';
import type { Track } from '../archive/tracks';
import { noFilter } from './filter';
import { between, type Picked, pickedOf, Selection } from './selection';

function picked(name: string, change: Partial<Picked> = {}): Picked {
  return { name, day: '2026-11-20', source: 'a', from: 0, seconds: 60, bytes: 10, recording: false, ...change };
}

function selected(...items: Picked[]): Selection {
  const selection = new Selection();
  selection.set(items, true);
  return selection;
}

function track(name: string): Track {
  const recording: Recording = { name, size: 1, mtime: 0, date: '2026-11-20 08:00:00', duration: null, recording: true, source: 'a', started: null, sample_rate: null, channels: null };
  return { recording, source: 'a', from: 5, to: 6 };
}

test('count, length and size are those of what is selected, each once', () => {
  const selection = selected(picked('a'), picked('b', { day: '2026-11-21', recording: true }), picked('a'));
  expect(selection.sums).toEqual({ count: 2, seconds: 120, bytes: 20, recording: 1 });
  selection.set([picked('a')], false);
  expect(selection.sums.count).toBe(1);
  selection.clear();
  expect([selection.sums.count, selection.isEmpty, selection.days()]).toEqual([0, true, []]);
});

test('of a recording that grows the length is not known yet', () => {
  expect(pickedOf(track('a'))).toEqual({ name: 'a', day: '2026-11-20', source: 'a', from: 5, seconds: 0, bytes: 1, recording: true });
});

test('a day is selected as a whole, in part or not, of what the filter lets through', () => {
  const selection = selected(picked('door'), picked('gate'));
  expect(selection.shareOf('2026-11-20', noFilter, 2)).toBe('all');
  expect(selection.shareOf('2026-11-20', noFilter, 3)).toBe('some');
  expect(selection.shareOf('2026-11-21', noFilter, 3)).toBe('none');
  expect(selection.shareOf('2026-11-20', { ...noFilter, q: 'DOOR' }, 1)).toBe('all');
  expect(selection.shareOf('2026-11-20', { ...noFilter, q: 'x' }, 1)).toBe('none');
});

test('what the filter hides stays selected, and is counted', () => {
  const selection = selected(picked('door'), picked('gate'));
  expect(selection.hiddenBy(noFilter)).toBe(0);
  expect(selection.hiddenBy({ ...noFilter, q: 'door' })).toBe(1);
});

test('what is gone is forgotten, and what became of the rest is taken', () => {
  const selection = selected(picked('a', { recording: true }), picked('b'), picked('c', { day: '2026-11-21' }));
  selection.renew('2026-11-20', [picked('a', { seconds: 3600 }), picked('new')]);
  expect([...selection.all()]).toEqual([picked('c', { day: '2026-11-21' }), picked('a', { seconds: 3600 })]);
  selection.renew('2026-11-21', []);
  expect(selection.days()).toEqual(['2026-11-20']);
});

test('those who look are told of each change once', () => {
  const selection = new Selection();
  let told = 0;
  selection.changed.subscribe(() => told++);
  selection.set([picked('a'), picked('b')], true);
  selection.clear();
  selection.clear();
  expect(told).toBe(2);
});

test('a range goes over days, in either direction', () => {
  const lists = [[track('d'), track('c')], [track('b'), track('a')]];
  const names = (one: string, other: string) => between(lists, one, other)?.map(({ recording }) => recording.name);
  expect(names('c', 'a')).toEqual(['c', 'b', 'a']);
  expect(names('b', 'd')).toEqual(['d', 'c', 'b']);
  expect(names('b', 'b')).toEqual(['b']);
  expect(names('b', 'closed')).toBeUndefined();
});
