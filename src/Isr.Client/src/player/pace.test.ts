import { expect, test } from 'vitest';
import { Edge, Pace } from './pace';

/** Plays what comes in lumps, beginning with so much ahead; tells what lay ahead at least in the last seconds, and how often it stood still. */
function play(pace: Pace, { ahead, lump, seconds }: { ahead: number; lump: number; seconds: number }) {
  const step = 0.05;
  let [rate, stood, low, next] = [1, 0, Infinity, lump];
  for (let now = 0; now < seconds; now += step) {
    ahead -= step * rate;
    if (ahead < 0.1) {
      pace.stood(now);
      stood++;
      ahead = 0.1;
    }
    pace.see(ahead, now);
    if (now > seconds - 5) low = Math.min(low, ahead);
    if (now >= next) {
      ahead += lump;
      next += lump;
    }
    const told = pace.next();
    if (told.kind === 'leap') ahead -= told.by;
    else ({ rate } = told);
  }
  return { low, stood };
}

test('what lies ahead beyond what is needed is played away', () => {
  const { low, stood } = play(new Pace(), { ahead: 1.5, lump: 0.05, seconds: 60 });
  expect(stood).toBe(0);
  expect(low).toBeGreaterThan(0.1);
  expect(low).toBeLessThan(0.45);
});

test('lumps are waited for: the least ahead counts, not what is there behind a lump', () => {
  const { low, stood } = play(new Pace(), { ahead: 1.5, lump: 0.5, seconds: 60 });
  expect(stood).toBe(0);
  expect(low).toBeGreaterThan(0.1);
});

test('far behind it leaps', () => {
  const pace = new Pace();
  for (let now = 0; now < 5; now += 0.25) pace.see(9, now);
  expect(pace.next()).toEqual({ kind: 'leap', by: 9 - pace.safe });
});

test('each time that it stands still more is kept, and less after a calm minute', () => {
  const pace = new Pace();
  const first = pace.safe;
  pace.stood(0);
  pace.stood(1);
  expect(pace.safe).toBeCloseTo(first + 0.5);
  for (let now = 2; now < 70; now++) pace.see(1, now);
  expect(pace.safe).toBeCloseTo(first + 0.45);
});

test('how far behind live something is, is counted from what came soonest', () => {
  const edge = new Edge();
  expect(edge.behind(0, 0)).toBeNull();
  edge.see(1.5, 10);
  edge.see(2, 11);
  expect(edge.behind(1.5, 11)).toBeCloseTo(1);
  // A source that stood still is believed again after a while.
  for (let now = 12; now < 80; now++) edge.see(now - 20, now);
  expect(edge.behind(59, 80)).toBeCloseTo(1);
});
