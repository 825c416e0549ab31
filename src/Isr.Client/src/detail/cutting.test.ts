import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Recording } from '../api/types';
import { Tracks } from '../archive/tracks';
import { day, Zone } from '../time/zone';
import { cutting } from './cutting';
import { tracksIn } from './onscreen';

const zone = new Zone({ zone: 'UTC', offsets: [{ from: '2000-01-01T00:00:00Z', minutes: 0 }] });
const at = (clock: string) => Date.parse(`2026-11-20T${clock}Z`);
const files = [
  recording('long.flac', 'garden', '2026-11-15T00:00:00Z', 4 * 24 * 3600),
  recording('one.flac', 'garden', '2026-11-20T01:00:00Z', 3600),
  recording('two.flac', 'garden', '2026-11-20T02:00:00Z', 3600),
  recording('other.flac', 'street', '2026-11-20T01:00:00Z', 7200),
  recording('loose a.flac', null, '2026-11-20T05:00:00Z', 600),
];

function recording(name: string, source: string | null, started: string, duration: number): Recording {
  return { name, source, started, duration, date: started.slice(0, 19).replace('T', ' '), size: 1, mtime: 0, recording: false, sample_rate: 48_000, channels: 1 };
}

beforeEach(() => {
  vi.stubGlobal('fetch', (path: string) => {
    const asked = new URLSearchParams(path.split('?')[1]);
    const found = files.filter(({ date, source }) => date.slice(0, 10) >= (asked.get('from') ?? '') && date.slice(0, 10) <= asked.get('to')! && (asked.get('source') ?? source) === source);
    return Promise.resolve(new Response(JSON.stringify(found.toReversed().slice(0, Number(asked.get('limit') ?? 100)))));
  });
});
afterEach(() => vi.unstubAllGlobals());

const tracks = () => new Tracks(zone, () => at('12:00:00') + day);
const names = async (source: string, from: number, to: number) => (await tracksIn(tracks(), zone, source, { from, to })).map(({ recording: { name } }) => name);

test('what is shown of a source is found over the joints of its files, and in one that began days before', async () => {
  expect(await names('garden', at('01:59:00'), at('02:01:00'))).toEqual(['one.flac', 'two.flac']);
  expect(await names('garden', at('00:00:00') - 2 * day, at('00:10:00') - 2 * day)).toEqual(['long.flac']);
  expect(await names('garden', at('03:30:00'), at('03:40:00'))).toEqual([]);
});

test('a cut is of a source and in UTC, whatever files it lies in', async () => {
  const { path } = await cutting(tracks(), zone, 'garden', { from: at('01:59:58.250'), to: at('02:00:03') });
  expect(path).toBe('api/cut?source=garden&from=2026-11-20T01:59:58.250Z&to=2026-11-20T02:00:03.000Z');
});

test('where nothing was recorded it is said before anything is asked', async () => {
  expect(await cutting(tracks(), zone, 'garden', { from: at('04:00:00'), to: at('04:00:05') })).toEqual({ path: null, reason: 'Nothing was recorded between the handles.' });
});

test('a recording without a source is cut by its seconds, and within itself only', async () => {
  const inside = await cutting(tracks(), zone, '', { from: at('05:00:10.500'), to: at('05:00:12') });
  expect(inside.path).toBe('api/cut?file=loose%20a.flac&start=10.5&end=12');
  const beyond = await cutting(tracks(), zone, '', { from: at('05:09:00'), to: at('05:11:00') });
  expect(beyond.reason).toBe('Both handles must be within one recording.');
});
