import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { columnsOf, finest, levelFor, LevelTiles, points } from './tiles';
import { LevelTail } from './tail';

let source: string;
let tests = 0;
let asked: { from: number; to: number }[];
let answer: (from: number, to: number, i: number) => number | null;
let pending: string[] = [];
let status = 200;
let now = 1e12;

beforeEach(() => {
  asked = [];
  // What an earlier test still asks for is not counted.
  source = `garden ${++tests}`;
  pending = [];
  status = 200;
  now = 1e12;
  answer = () => 0.5;
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => setTimeout(act, 0));
  vi.stubGlobal('fetch', async (path: string) => {
    const query = new URLSearchParams(path.split('?')[1]);
    const [from, to] = [Date.parse(query.get('from')!), Date.parse(query.get('to')!)];
    if (query.get('source') === source) asked.push({ from, to });
    if (status !== 200) return new Response('{"error":"The disk is gone."}', { status });
    const rms = Array.from({ length: points }, (_, i) => answer(from, to, i));
    return new Response(JSON.stringify({ min: rms.map((value) => value && -value), max: rms, rms, pending }));
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Until what it asked for is there. */
async function arrival(tiles: LevelTiles): Promise<void> {
  const before = tiles.arrived.value;
  await vi.waitUntil(() => tiles.arrived.value > before, { interval: 1 });
}

/** Draws until nothing is missing. */
async function read(tiles: LevelTiles, from: number, to: number, count: number) {
  const columns = columnsOf(count);
  tiles.read(source, { from, to }, columns);
  await vi.waitUntil(() => tiles.isKnown(source, { from, to }, count), { interval: 1 });
  tiles.read(source, { from, to }, columns);
  return columns;
}

test('a level has about a point for each pixel, never fewer', () => {
  expect(levelFor(1000, 1000)).toBe(0);
  expect(levelFor(100_000, 1000)).toBe(0);
  expect(levelFor(200_000, 1000)).toBe(1);
  for (const length of [1e3, 3e5, 8.64e7, 2.7e9]) {
    const point = finest * 2 ** levelFor(length, 1100);
    expect(point <= length / 1100 || point === finest).toBe(true);
    expect(2 * point > length / 1100).toBe(true);
  }
});

test('what is loud at one zoom is as loud, at the same place, at every other', async () => {
  // Loud for ten seconds of an hour.
  const begin = 1_000_000_000;
  const loud = (from: number, to: number) => (to > begin && from < begin + 10_000 ? 0.9 : 0.1);
  answer = (from, to, i) => loud(from + ((to - from) / points) * i, from + ((to - from) / points) * (i + 1));
  const agrees = async (length: number) => {
    const tiles = new LevelTiles(() => now);
    const from = begin - length / 2 + 5000;
    const { max, min } = await read(tiles, from, from + length, 600);
    const hit = [...max].findIndex((value) => value > 0.5);
    const middle = from + (hit + 0.5) * (length / 600);
    expect(Math.abs(middle - begin)).toBeLessThan(length / 600 + finest * 2 ** levelFor(length, 600));
    expect(Math.max(...max)).toBeCloseTo(0.9, 5);
    expect(Math.min(...min)).toBeCloseTo(-0.9, 5);
    expect([...max].every((value) => value > 0.05)).toBe(true);
  };
  await Promise.all([60_000, 600_000, 3_600_000, 86_400_000].map(agrees));
});

test('until a finer tile is there, a coarser one is drawn in its place', async () => {
  const tiles = new LevelTiles(() => now);
  const from = 1_000_000_000;
  answer = (begin, end, i) => (begin + ((end - begin) / points) * i < from + 1_800_000 ? 0.2 : 0.6);
  await read(tiles, from, from + 3_600_000, 256);
  const fine = columnsOf(256);
  tiles.read(source, { from: from + 1_700_000, to: from + 1_900_000 }, fine);
  expect(fine.rms[10]).toBeCloseTo(0.2, 5);
  expect(fine.rms[250]).toBeCloseTo(0.6, 5);
});

test('what is over is asked for once, what may grow again after five seconds and what is to come never', async () => {
  const tiles = new LevelTiles(() => now);
  const length = finest * points;
  const old = Math.floor((now - 1e7) / length) * length;
  await read(tiles, old, old + length, points);
  now += 60_000;
  await read(tiles, old, old + length, points);
  expect(asked.length).toBe(1);

  const current = Math.floor(now / length) * length;
  const columns = columnsOf(2 * points);
  tiles.read(source, { from: current, to: current + 2 * length }, columns);
  await arrival(tiles);
  expect(asked.length).toBe(2);
  tiles.read(source, { from: current, to: current + 2 * length }, columns);
  now += 5001;
  tiles.read(source, { from: current, to: current + 2 * length }, columns);
  await arrival(tiles);
  expect(asked.slice(1).map(({ from }) => from)).toEqual([current, current]);
});

test('an error is told, and leaves what is drawn already', async () => {
  const tiles = new LevelTiles(() => now);
  const length = finest * points;
  const current = Math.floor(now / length) * length;
  const columns = await read(tiles, current, current + length, points);
  expect(columns.rms[3]).toBe(0.5);
  status = 500;
  now += 5001;
  tiles.read(source, { from: current, to: current + length }, columns);
  await arrival(tiles);
  tiles.read(source, { from: current, to: current + length }, columns);
  expect(tiles.error.value).toBe('The disk is gone.');
  expect(columns.rms[3]).toBe(0.5);
  expect(asked.length).toBe(2);

  status = 200;
  tiles.refresh();
  tiles.read(source, { from: current, to: current + length }, columns);
  await vi.waitUntil(() => tiles.error.value === null, { interval: 1 });
});

test('where levels are not known yet, what was heard is drawn', async () => {
  const tail = new LevelTail();
  const tiles = new LevelTiles(() => now, tail);
  const length = finest * points;
  const begin = Math.floor(now / length) * length;
  answer = (_from, _to, i) => (i < 100 ? 0.5 : null);
  tail.take([{ source, rms: -20, peak: [-6], clipped: 0 }], begin + 15_000);
  const { rms } = await read(tiles, begin, begin + length, points);
  expect(rms[99]).toBe(0.5);
  expect(rms[149]).toBeCloseTo(0.1, 5);
  expect(rms[120]).toBeNaN();
});
