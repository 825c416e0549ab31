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
  expect(query).toContain('at=2026-11-20T02:31:30.400%2B01:00');
  expect(readPlace(query, zone, now)).toEqual(place);
  const zoomed = { ...place, view: 'recordings' as const, span: { from: at - hour, to: at + hour }, cut: null };
  expect(readPlace(writePlace(zoomed, zone, now), zone, now)).toEqual(zoomed);
});

test.each(['?day=yesterday', '?from=2026&to=x', '?at=never&view=nowhere', '?day=2026-99-99', '?len=-1', '?from=2026-11-20T00:00:00Z&to=2020-11-20T00:00:00Z'])(
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
