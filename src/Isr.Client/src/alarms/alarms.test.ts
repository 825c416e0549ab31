import { expect, test } from 'vitest';
import { type Alarm, pastInWords, shown, since } from './alarms';

const today = '2026-11-22T15:00:00+01:00';
const alarm: Alarm = { id: '1', kind: 'dead', source: 'news', since: '2026-11-22T14:02:11+01:00', sentence: 'Nothing of news has been recorded for 60 s: it is gone.' };

test('the newest alarms are shown, and how many more there are', () => {
  const named = (id: string): Alarm => ({ ...alarm, id });
  const many = ['a', 'b', 'c', 'd', 'e'].map(named);
  expect(shown(many).first.map(({ id }) => id)).toEqual(['e', 'd', 'c']);
  expect(shown(many).more).toBe(2);
  expect(shown([alarm])).toEqual({ first: [alarm], more: 0 });
  expect(shown([])).toEqual({ first: [], more: 0 });
});

test('an alarm tells since when, with the day where it is not today', () => {
  expect(since(alarm, today)).toBe('since 14:02');
  expect(since({ ...alarm, since: '2026-11-20T09:00:00+01:00' }, today)).toBe('since Fri 20 Nov, 09:00');
});

test('one that is over tells how long it lasted, also over a change of the clock', () => {
  const past = { ...alarm, ending: 'It is back.' };
  expect(pastInWords({ ...past, until: '2026-11-22T14:07:11+01:00' }, today)).toBe('14:02 for 5 min');
  expect(pastInWords({ ...past, until: null }, today)).toBe('14:02, its end is not known');
  expect(pastInWords({ ...past, since: '2026-10-25T02:30:00+02:00', until: '2026-10-25T02:30:00+01:00' }, today)).toBe('Sun 25 Oct, 02:30 for 1 h');
});
