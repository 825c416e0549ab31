import { expect, test } from 'vitest';
import { dayOf } from '../time/span';
import { hour, second, Zone } from '../time/zone';
import { dayAtHand, initialPlace, type Place, PlaceStore, readPlace, writePlace } from './place';

const zone = new Zone({ zone: 'x', offsets: [{ from: '2000-01-01T00:00:00Z', minutes: 60 }] });
const now = Date.parse('2026-11-21T12:00:00Z');
const at = Date.parse('2026-11-20T01:31:30.4Z');

test('the first view has no query', () => {
  expect(writePlace(initialPlace(zone, now), zone, now)).toBe('');
});

test('every moment has an address that leads back to it', () => {
  const place: Place = {
    view: 'day',
    span: dayOf(zone, '2026-11-20'),
    source: 'Garden & street',
    at,
    stretch: { from: at - 5 * second, to: at + 5 * second },
    cut: { from: at - second, to: at + second },
  };
  const query = writePlace(place, zone, now);
  expect(query).toContain('source=Garden+%26+street&at=2026-11-20T02:31:30.4&');
  expect(readPlace(query, zone, now)).toEqual(place);
  const zoomed = { ...place, view: 'recordings' as const, span: { from: at - hour, to: at + hour }, cut: null };
  expect(readPlace(writePlace(zoomed, zone, now), zone, now)).toEqual(zoomed);
});

test('in the hour that comes twice an address says which one it means', () => {
  const berlin = new Zone({ zone: 'Europe/Berlin', offsets: [{ from: '2000-01-01T00:00:00Z', minutes: 120 }, { from: '2026-10-25T01:00:00Z', minutes: 60 }] });
  for (const text of ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00.25Z']) {
    const moment = Date.parse(text);
    const query = writePlace({ ...initialPlace(berlin, now), source: 'a', at: moment }, berlin, now);
    expect(query).toMatch(/at=2026-10-25T02:30:00(.25)?%2B0[12]:00$/);
    expect(readPlace(query, berlin, now).at).toBe(moment);
  }
});

test.each(['2026-11-20T02:31:30.400%2B01:00', '2026-11-20T02:31:30.4+01:00', '2026-11-20T01:31:30.4Z', '2026-11-20T02:31:30.4'])('%s is that moment, however it is written', (text) =>
  expect(readPlace(`?at=${text}`, zone, now).at).toBe(at),
);

test.each(['?at=2026-11-20T25:00', '?day=yesterday', '?from=2026&to=x', '?at=never&view=nowhere', '?day=2026-99-99', '?len=-1', '?from=2026-11-20T00:00:00Z&to=2020-11-20T00:00:00Z'])(
  'of %s what is wrong is left out',
  (query) => expect(readPlace(query, zone, now)).toEqual(initialPlace(zone, now)),
);

test('the day at hand is the middle’s, and of a month the one that was chosen', () => {
  const store = new PlaceStore(initialPlace(zone, now), zone);
  expect(dayAtHand(store.value, zone, now)).toBe('2026-11-21');
  store.goTo('a', at);
  expect(dayAtHand(store.value, zone, now)).toBe('2026-11-20');
  store.patch({ span: { from: at - 300 * hour, to: at + 300 * hour } });
  expect(dayAtHand(store.value, zone, now)).toBe('2026-11-20');
});
