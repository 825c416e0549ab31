import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SpectrogramTiles } from './tiles';

/** What a server answers, by second of the recording; what has no answer yet waits. */
const asked: { start: number; signal: AbortSignal; answer: (response: Response) => void }[] = [];

beforeEach(() => {
  asked.length = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => setTimeout(callback, 16));
  vi.stubGlobal('fetch', (path: string, { signal }: { signal: AbortSignal }) => {
    const start = Number(new URLSearchParams(path.split('?')[1]).get('start'));
    return new Promise<Response>((answer, refuse) => {
      asked.push({ start, signal, answer });
      signal.addEventListener('abort', () => refuse(new DOMException('aborted', 'AbortError')));
    });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function spectrogram(from: number, to: number): Response {
  const [columns, bins] = [4, 2];
  const view = new DataView(new ArrayBuffer(48 + columns * bins + columns * 4));
  [...'isrspect'].forEach((letter, i) => view.setUint8(i, letter.charCodeAt(0)));
  [1, columns, bins, 8000].forEach((value, i) => view.setUint32(8 + 4 * i, value, true));
  view.setFloat64(32, from, true);
  view.setFloat64(40, to, true);
  return new Response(view.buffer);
}

function problem(status: number): Response {
  return new Response(JSON.stringify({ error: 'It cannot be decoded.' }), { status });
}

/** Draws so many tiles of a second from that one on. */
function draw(tiles: SpectrogramTiles, first: number, count: number, length = 1e6, grows = false): void {
  tiles.begin();
  for (let index = first; index < first + count; index++) tiles.want('a.flac', 0, index, length, grows);
  tiles.end();
}

const settle = () => vi.advanceTimersByTimeAsync(20);

test('asks for a few at a time, the first wanted first, and tells of each', async () => {
  const tiles = new SpectrogramTiles();
  draw(tiles, 10, 5);
  expect(asked.map(({ start }) => start)).toEqual([10, 11, 12]);
  asked[1]!.answer(spectrogram(11, 12));
  await settle();
  expect(asked.map(({ start }) => start)).toEqual([10, 11, 12, 13]);
  expect(tiles.arrived.value).toBe(1);
  expect(tiles.find('a.flac', 0, 11)).toMatchObject({ from: 11_000, to: 12_000 });
  expect(tiles.find('a.flac', 0, 10)).toBeNull();
  expect(tiles.find('b.flac', 0, 11)).toBeNull();
  draw(tiles, 11, 1);
  expect(asked.filter(({ start }) => start === 11)).toHaveLength(1);
});

test('what is no longer wanted is no longer waited for', async () => {
  const tiles = new SpectrogramTiles();
  draw(tiles, 10, 3);
  draw(tiles, 12, 3);
  await settle();
  expect(asked.map(({ start, signal }) => [start, signal.aborted])).toEqual([[10, true], [11, true], [12, false], [13, false], [14, false]]);
  expect(tiles.error.value).toBeNull();
});

test('nothing is asked before a recording begins or behind its end', () => {
  const tiles = new SpectrogramTiles();
  draw(tiles, -2, 5, 1500);
  expect(asked.map(({ start }) => start)).toEqual([0, 1]);
});

test('what cannot be decoded is said, and asked again only when somebody wants it', async () => {
  const tiles = new SpectrogramTiles();
  draw(tiles, 0, 1);
  asked[0]!.answer(problem(422));
  await settle();
  draw(tiles, 0, 1);
  expect(tiles.error.value).toBe('It cannot be decoded.');
  draw(tiles, 5, 1);
  expect(tiles.error.value).toBeNull();
  await vi.advanceTimersByTimeAsync(60_000);
  draw(tiles, 0, 1);
  expect(asked.map(({ start }) => start)).toEqual([0, 5]);
  tiles.retry();
  draw(tiles, 0, 1);
  expect(asked.map(({ start }) => start)).toEqual([0, 5, 0]);
});

test('a server that is busy is asked again by itself, after a while', async () => {
  const tiles = new SpectrogramTiles();
  tiles.arrived.subscribe(() => draw(tiles, 0, 1));
  draw(tiles, 0, 1);
  asked[0]!.answer(problem(503));
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toHaveLength(1);
  expect(tiles.error.value).toBe('It cannot be decoded.');
  await vi.advanceTimersByTimeAsync(6000);
  expect(asked).toHaveLength(2);
  asked[1]!.answer(spectrogram(0, 1));
  await settle();
  expect(tiles.error.value).toBeNull();
});

test('where a recording ends before its tile nobody is told of an error', async () => {
  const tiles = new SpectrogramTiles();
  draw(tiles, 7, 1);
  asked[0]!.answer(problem(400));
  await settle();
  draw(tiles, 7, 1);
  expect(asked).toHaveLength(1);
  expect(tiles.error.value).toBeNull();
});

test('the last tile of what is being recorded is asked for again as it grows, and once more when it is finished', async () => {
  const tiles = new SpectrogramTiles();
  draw(tiles, 0, 1, 4500, true);
  asked[0]!.answer(spectrogram(0, 0.5));
  await settle();
  draw(tiles, 0, 1, 4800, true);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(3500);
  draw(tiles, 0, 1, 4800, false);
  expect(asked).toHaveLength(2);
  expect(tiles.find('a.flac', 0, 0)?.to).toBe(500);
  asked[1]!.answer(spectrogram(0, 0.7));
  await vi.advanceTimersByTimeAsync(3500);
  draw(tiles, 0, 1, 4800, false);
  expect(asked).toHaveLength(2);
  expect(tiles.find('a.flac', 0, 0)?.to).toBe(700);
});

test('a server that takes long for what grows is asked more seldom', async () => {
  const tiles = new SpectrogramTiles();
  draw(tiles, 0, 1, 4500, true);
  await vi.advanceTimersByTimeAsync(5000);
  asked[0]!.answer(spectrogram(0, 0.5));
  await settle();
  await vi.advanceTimersByTimeAsync(15_000);
  draw(tiles, 0, 1, 4800, true);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(6000);
  draw(tiles, 0, 1, 4800, true);
  expect(asked).toHaveLength(2);
});

test('memory has a limit, and what was drawn last stays', async () => {
  const tiles = new SpectrogramTiles();
  for (let index = 0; index < 300; index++) {
    draw(tiles, index, 1);
    tiles.find('a.flac', 0, 0);
    asked.at(-1)!.answer(spectrogram(index, index + 1));
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await settle();
  }
  const kept = Array.from({ length: 300 }, (_, index) => index).filter((index) => tiles.find('a.flac', 0, index) !== null);
  expect(kept.length).toBeLessThan(200);
  expect(kept[0]).toBe(0);
  expect(kept.at(-1)).toBe(299);
});
