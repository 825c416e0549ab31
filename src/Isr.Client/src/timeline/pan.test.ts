import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PlaceStore, readPlace } from '../page/place';
import { hour, Zone } from '../time/zone';
import { pinched, SpanMover } from './pan';

const utc = new Zone({ zone: 'UTC', offsets: [{ from: '2000-01-01T00:00:00Z', minutes: 0 }] });
let frames: (() => void)[] = [];
const nextFrame = () => {
  const due = frames;
  frames = [];
  for (const act of due) act();
};

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => frames.push(act));
  vi.stubGlobal('cancelAnimationFrame', () => (frames = []));
});
afterEach(() => vi.unstubAllGlobals());

test('what is under two fingers stays under them', () => {
  const span = { from: 0, to: 1000 * hour };
  const closer = pinched(span, 1000, [400, 600], [300, 700]);
  expect(closer.from + 0.5 * (closer.to - closer.from)).toBe(500 * hour);
  expect(closer.to - closer.from).toBeLessThanOrEqual(745 * hour);
  const small = pinched({ from: 0, to: 1000 }, 1000, [100, 200], [300, 500]);
  expect(small.to - small.from).toBe(1000);
  const day = pinched({ from: 0, to: 24 * hour }, 1000, [100, 200], [300, 500]);
  expect(day.to - day.from).toBe(12 * hour);
  expect(day.from + 0.4 * 12 * hour).toBeCloseTo(0.15 * 24 * hour, 3);
});

test('however many movements a frame has, the place changes once, and ends where the last one was', () => {
  const place = new PlaceStore(readPlace('', utc, 0), utc);
  const mover = new SpanMover(place);
  let changes = 0;
  place.subscribe(() => changes++);
  for (let i = 1; i <= 5; i++) mover.to({ from: i, to: i + hour });
  expect(changes).toBe(1);
  expect(mover.span.from).toBe(5);
  nextFrame();
  expect(changes).toBe(2);
  expect(place.value.span.from).toBe(5);
  nextFrame();
  nextFrame();
  expect(changes).toBe(2);
});
