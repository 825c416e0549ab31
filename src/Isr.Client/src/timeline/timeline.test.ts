import { expect, test } from 'vitest';
import type { Recording, SourceStatus } from '../api/types';
import type { Track } from '../archive/tracks';
import type { CoverageAnswer, Gap, Section, SectionsAnswer } from '../archive/types';
import { dayOf } from '../time/span';
import { day, hour, minute, Zone } from '../time/zone';
import { floorFor, heightOf } from './envelope';
import { moveFor } from './keys';
import { linesOf } from './lines';
import { barAt, barsOf, gapAt, holesOf, noBars, noHoles } from './picture';
import { laneNames } from './rows';
import { monthOf, weekOf } from './stretches';
import { gapsInWords, percentage, roughly, spokenMoment } from './words';

const berlin = new Zone({
  zone: 'Europe/Berlin',
  offsets: [
    { from: '2000-01-01T00:00:00Z', minutes: 60 },
    { from: '2026-03-29T01:00:00Z', minutes: 120 },
    { from: '2026-10-25T01:00:00Z', minutes: 60 },
  ],
});
const at = (clock: string) => Date.parse(`2026-11-20T${clock}+01:00`);
const section = (source: string, start: string, end: string, score: number): Section => ({
  source,
  start: `2026-11-20T${start}+01:00`,
  end: `2026-11-20T${end}+01:00`,
  score,
  file: 'a.flac',
  offset: 0,
  files: ['a.flac'],
});
const found = (sections: Section[]): SectionsAnswer => ({ from: '', to: '', sections, pending: [], undecodable: [] });
const gap = (from: string, to: string, change: Partial<Gap> = {}): Gap => ({
  from: `2026-11-20T${from}+01:00`,
  to: `2026-11-20T${to}+01:00`,
  seconds: 0,
  cause: 'link',
  sentence: 'the server was away',
  open: false,
  ...change,
});
const covered = (gaps: Gap[]): CoverageAnswer => ({
  from: '',
  to: '',
  sources: [{ source: 'garden', total: { expected: 0, recorded: 0, missing: 0, percent: 0 }, days: [], gaps }],
});

test('a click within three pixels of a section means it, and of several the strongest', () => {
  const bars = barsOf(found([section('garden', '12:00:00', '12:00:01', 20), section('garden', '12:01:00', '12:01:02', 35), section('street', '12:00:30', '12:00:31', 40)])).get('garden')!;
  const span = dayOf(berlin, '2026-11-20');
  expect(barAt(bars, span, 1440, 722.5)?.score).toBe(35);
  expect(barAt(bars, span, 1440, 717.5)?.score).toBe(20);
  expect(barAt(bars, span, 1440, 715)).toBeNull();
  expect(barAt(bars, span, 1440, 725)).toBeNull();
});

test('a long section is hit all along, also behind a short one that began later', () => {
  const bars = barsOf(found([section('garden', '10:00:00', '14:00:00', 15), section('garden', '11:00:00', '11:00:01', 30)])).get('garden')!;
  const span = dayOf(berlin, '2026-11-20');
  expect(barAt(bars, span, 1440, 800)?.score).toBe(15);
  expect(barAt(bars, span, 1440, 661)?.score).toBe(30);
  expect(barAt(bars, span, 1440, 900)).toBeNull();
});

test('only the strongest few have a marker', () => {
  const bars = barsOf(found(Array.from({ length: 30 }, (_, i) => section('garden', `10:${String(10 + i)}:00`, `10:${String(10 + i)}:01`, 10 + i)))).get('garden')!;
  expect([...bars.marked].reduce((sum, one) => sum + one, 0)).toBe(8);
  expect(bars.marked[29]).toBe(1);
  expect(bars.share[29]).toBe(1);
});

test('a gap is found by its time, and one that goes on reaches to now', () => {
  const holes = holesOf(covered([gap('20:00:00', '20:10:00', { open: true }), gap('08:00:00', '08:19:00')])).get('garden')!;
  expect(gapAt(holes, at('08:05:00'), at('21:00:00'))?.sentence).toBe('the server was away');
  expect(gapAt(holes, at('08:19:00'), at('21:00:00'))).toBeNull();
  expect(gapAt(holes, at('20:55:00'), at('21:00:00'))?.open).toBe(true);
  expect(gapAt(holes, at('21:05:00'), at('21:00:00'))).toBeNull();
});

test('a moment is said with what is there', () => {
  const moment = { at: at('02:31:30'), gap: null, section: null, rms: NaN, known: true };
  expect(spokenMoment(berlin, { ...moment, rms: 10 ** (-41 / 20) })).toBe('Fri 20 Nov 02:31:30, recorded, minus 41 decibels');
  expect(spokenMoment(berlin, { ...moment, rms: 0 })).toBe('Fri 20 Nov 02:31:30, recorded, silence');
  expect(spokenMoment(berlin, moment)).toBe('Fri 20 Nov 02:31:30, nothing recorded');
  expect(spokenMoment(berlin, { ...moment, known: false })).toBe('Fri 20 Nov 02:31:30, level not known yet');
  expect(spokenMoment(berlin, { ...moment, gap: gap('02:00:00', '03:00:00') })).toBe('Fri 20 Nov 02:31:30, missing: the server was away');
  expect(spokenMoment(berlin, { ...moment, rms: 0.1, section: section('garden', '02:31:29', '02:31:31', 34.2) })).toBe('Fri 20 Nov 02:31:30, recorded, minus 20 decibels, 34 decibels above noise');
  expect(spokenMoment(berlin, { ...moment, at: Date.parse('2026-10-25T02:30:00+01:00') })).toBe('Sun 25 Oct 02:30:00 +01:00, nothing recorded');
});

test('coverage is whole only when nothing is missing', () => {
  expect(percentage({ expected: 86_400, recorded: 86_400, missing: 0, percent: 100 })).toBe('100 %');
  expect(percentage({ expected: 86_400, recorded: 86_399, missing: 1, percent: 99.9988 })).toBe('99.9 %');
  expect(percentage({ expected: 86_400, recorded: 85_260, missing: 1140, percent: 98.6806 })).toBe('98.6 %');
  expect(gapsInWords(1, 1140)).toBe('1 gap, 19 min');
  expect(gapsInWords(0, 0)).toBe('no gaps');
  expect([300, 45_000, 19 * minute, 3 * hour, 3 * hour + 20 * minute].map(roughly)).toEqual(['0.3 s', '45 s', '19 min', '3 h', '3 h 20 min']);
});

test('lanes stand as the status has them, then by name, what has no source last', () => {
  const status = [{ name: 'street' }, { name: 'garden' }] as Partial<SourceStatus>[] as SourceStatus[];
  const tracks = [{ source: '' }, { source: 'attic' }] as Track[];
  expect(laneNames(status, covered([]), found([section('radio', '01:00:00', '01:00:01', 5)]), tracks)).toEqual(['street', 'garden', 'attic', 'radio', '']);
});

test('keys move a cursor by shares of the span and not out of it', () => {
  const span = { from: 0, to: 1000 };
  expect(moveFor('ArrowRight', false, 500, span)).toBe(510);
  expect(moveFor('ArrowLeft', true, 500, span)).toBe(499);
  expect(moveFor('PageUp', false, 950, span)).toBe(1000);
  expect(moveFor('Home', false, 950, span)).toBe(0);
  expect(moveFor('x', false, 950, span)).toBeNull();
});

test('a week begins on Monday, a month on its first, also when the clock is set', () => {
  expect(weekOf(berlin, '2026-11-22')).toEqual({ from: berlin.begin('2026-11-16'), to: berlin.begin('2026-11-23') });
  const october = monthOf(berlin, '2026-10-31');
  expect(october).toEqual({ from: berlin.begin('2026-10-01'), to: berlin.begin('2026-11-01') });
  expect(october.to - october.from).toBe(31 * day + hour);
});

test('what was recorded is seen however quiet it is, and a quiet source has a scale of its own', () => {
  expect(heightOf(0, -60, 46)).toBe(1);
  expect(heightOf(1, -60, 46)).toBe(46);
  expect(heightOf(10 ** (-30 / 20), -60, 46)).toBe(23);
  expect([-30, -60, -80].map((decibels) => floorFor(new Float32Array(10).fill(10 ** (decibels / 20))))).toEqual([-60, -72, -90]);
  expect(floorFor(new Float32Array(10).fill(NaN))).toBe(-60);
});

test('the table joins recordings that follow one another, and puts what is missing between them', () => {
  const track = (from: string, to: string): Track => ({ recording: { recording: false } as Recording, source: 'garden', from: at(from), to: at(to) });
  const holes = holesOf(covered([gap('12:00:00', '12:10:00')])).get('garden')!;
  const bars = barsOf(found([section('garden', '11:30:00', '11:30:02', 34.2)])).get('garden')!;
  const lines = linesOf(dayOf(berlin, '2026-11-20'), [track('10:00:00', '11:00:00'), track('12:10:00', '13:00:00'), track('11:00:00', '12:00:00')], bars, holes, at('23:00:00'), ({ to }) => to);
  expect(lines.map(({ words, from, to }) => [words, (to - from) / 1000])).toEqual([
    ['recorded', 7200],
    ['stands out +34.2 dB', 2],
    ['missing: the server was away', 600],
    ['recorded', 3000],
  ]);
  expect(linesOf(dayOf(berlin, '2026-11-21'), [], noBars, noHoles, at('23:00:00'), ({ to }) => to)).toEqual([]);
});
