import { expect, test } from 'vitest';
import type { Section } from '../archive/types';
import type { Mark } from './mark';
import { Sayings } from './said';

const base = Date.parse('2026-11-21T02:00:00Z');
const iso = (seconds: number) => new Date(base + seconds * 1000).toISOString();

function section(from: number, to: number, more: Partial<Section> = {}): Section {
  return { source: 'garden', start: iso(from), end: iso(to), score: 20, file: 'garden/a.flac', offset: from, files: ['garden/a.flac'], ...more };
}

function mark(id: string, from: number, to: number, more: Partial<Mark>): Mark {
  return { id, file: 'garden/a.flac', start: from, end: to, source: 'garden', from: iso(from), to: iso(to), ...more };
}

test('What was said of a section is found, also under another name of its recording', () => {
  const said = new Sayings([mark('r', 10, 14, { reviewed: true }), mark('l', 10, 14, { label: 'Bird', file: 'older/name.flac' })]).of(section(10, 14));
  expect(said).toMatchObject({ reviewed: true, ignored: false, protected: false, label: 'Bird' });
  expect(said.marks.map(({ id }) => id)).toEqual(['r', 'l']);
});

test('Other sources, and what only meets it, say nothing of it', () => {
  const sayings = new Sayings([mark('r', 10, 14, { reviewed: true, source: 'street' }), mark('x', 14, 18, { ignored: true })]);
  expect(sayings.of(section(10, 14))).toMatchObject({ reviewed: false, ignored: false, marks: [] });
});

test('With other parameters a section is reviewed when half of it was, and keeps the label of what lies in it', () => {
  const sayings = new Sayings([mark('r', 10, 14, { reviewed: true }), mark('l', 10, 14, { label: 'Bird' })]);
  expect(sayings.of(section(11, 12))).toMatchObject({ reviewed: true, label: 'Bird' });
  expect(sayings.of(section(9, 16))).toMatchObject({ reviewed: true, label: 'Bird' });
  expect(sayings.of(section(0, 40))).toMatchObject({ reviewed: false, label: 'Bird' });
  expect(sayings.of(section(13.5, 15))).toMatchObject({ reviewed: false, label: null });
});

test('Two marks of a section over a joint say it together', () => {
  const sayings = new Sayings([mark('a', 10, 12, { reviewed: true }), mark('b', 12, 16, { reviewed: true, file: 'garden/b.flac' })]);
  expect(sayings.of(section(10, 16, { files: ['garden/a.flac', 'garden/b.flac'] }))).toMatchObject({ reviewed: true });
});

test('A mark of a whole recording is of each section in it, also while that is recorded', () => {
  const whole = { id: 'p', file: 'garden/a.flac', source: 'garden', from: iso(0), to: null, protected: true };
  expect(new Sayings([whole]).of(section(10, 14))).toMatchObject({ protected: true });
});

test('Without a source it is found by the recording', () => {
  const loose = { id: 'l', file: 'loose.wav', start: 10, end: 14, label: 'Voice' };
  const inLoose = section(0, 4, { source: '', file: 'loose.wav', offset: 10 });
  expect(new Sayings([loose]).of(inLoose).label).toBe('Voice');
  expect(new Sayings([loose]).of({ ...inLoose, file: 'other.wav' }).label).toBeNull();
});
