import type { Tracks } from '../archive/tracks';
import type { Section } from '../archive/types';
import { second, type Zone } from '../time/zone';
import type { Aspect, Mark } from './mark';

/** A stretch of one recording. */
export interface Part {
  readonly file: string;
  /** Seconds within it. */
  readonly start: number;
  readonly end: number;
}

/** The stretches of recordings in which a section lies: more than one where it goes over a joint. */
export async function partsOf(section: Section, tracks: Pick<Tracks, 'day' | 'endOf'>, zone: Pick<Zone, 'date'>): Promise<Part[]> {
  const { file, files, offset } = section;
  const [from, to] = [Date.parse(section.start), Date.parse(section.end)];
  if (files.length <= 1) return [{ file, start: rounded(offset), end: rounded(offset + (to - from) / second) }];
  const days = await Promise.all([...new Set([zone.date(from), zone.date(to)])].map((date) => tracks.day(date)));
  const found = days.flat().filter(({ recording }) => files.includes(recording.name));
  const parts = found.map((track) => ({
    file: track.recording.name,
    start: rounded(Math.max(0, from - track.from) / second),
    end: rounded((Math.min(to, tracks.endOf(track)) - track.from) / second),
  }));
  // The one in which it begins may have begun on the day before.
  if (!parts.some((part) => part.file === file)) parts.unshift({ file, start: rounded(offset), end: rounded(offset + (to - from) / second) });
  return parts.filter(({ start, end }) => end > start);
}

/** The same for whoever says it of that section, so that two who do it at once make one mark. */
export function markId(aspect: Aspect, { source, start }: Section, { file }: Part): string {
  return `${aspect}-${Date.parse(start).toString(36)}-${hash(`${source}\n${file}`)}`;
}

export function markOf(aspect: Aspect, section: Section, part: Part, label: string | null): Mark {
  return { id: markId(aspect, section, part), ...part, ...(aspect === 'label' ? { label } : { [aspect]: true }) };
}

/** FNV-1a of 32 bits. */
function hash(text: string): string {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum.toString(36);
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
