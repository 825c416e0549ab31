import { expect, test } from 'vitest';
import type { Recording } from '../api/types';
import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import { markId, markOf, partsOf } from './parts';

const base = Date.parse('2026-11-21T02:00:00Z');
const track = (name: string, from: number, to: number): Track => ({ recording: { name } as Recording, source: 'garden', from: base + from * 1000, to: base + to * 1000 });
const zone = { date: () => '2026-11-21' };
const archive = (...tracks: Track[]) => ({ day: () => Promise.resolve(tracks), endOf: ({ to }: Track) => to });
const section = (from: number, to: number, offset: number, ...files: string[]): Section => ({
  source: 'garden', start: new Date(base + from * 1000).toISOString(), end: new Date(base + to * 1000).toISOString(), score: 20, file: files[0]!, offset, files,
});

test('A section in one recording is a stretch of that', async () => {
  expect(await partsOf(section(10, 12.4, 10, 'a.flac'), archive(), zone)).toEqual([{ file: 'a.flac', start: 10, end: 12.4 }]);
});

test('Over joints it is the end of one, the next, and the beginning of another', async () => {
  const all = archive(track('a.flac', 0, 60), track('b.flac', 60, 70), track('c.flac', 70, 130), track('d.flac', 130, 190));
  expect(await partsOf(section(55, 75, 55, 'a.flac', 'b.flac', 'c.flac'), all, zone)).toEqual([
    { file: 'a.flac', start: 55, end: 60 },
    { file: 'b.flac', start: 0, end: 10 },
    { file: 'c.flac', start: 0, end: 5 },
  ]);
});

test('Whoever says the same of a section makes the same mark, and of another one another', async () => {
  const [a, b] = [section(10, 12, 10, 'a.flac'), section(10, 13, 10, 'a.flac')];
  const part = { file: 'a.flac', start: 10, end: 12 };
  expect(markId('reviewed', a, part)).toBe(markId('reviewed', b, part));
  expect(new Set([markId('reviewed', a, part), markId('label', a, part), markId('reviewed', a, { ...part, file: 'b.flac' }), markId('reviewed', section(11, 12, 11, 'a.flac'), part)]).size).toBe(4);
  expect(markId('protected', a, part)).toMatch(/^[a-z0-9-]{1,64}$/);
  expect(markOf('label', a, part, 'Bird')).toMatchObject({ file: 'a.flac', start: 10, end: 12, label: 'Bird' });
  expect(markOf('ignored', a, part, null)).toMatchObject({ ignored: true });
});
