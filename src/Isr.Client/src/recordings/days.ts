import type { Recording } from '../api/types';

export interface Day {
  /** `YYYY-MM-DD` in the recorder's zone. */
  date: string;
  /** Newest first. */
  recordings: Recording[];
  /** Seconds of those whose length is known. */
  seconds: number;
  bytes: number;
  /** Those being recorded, whose length grows. */
  growing: Recording[];
}

/** Groups by the recorder's own date, newest day and newest recording first. */
export function groupByDay(recordings: readonly Recording[]): Day[] {
  const days: Day[] = [];
  let current: Day | undefined;
  for (const recording of recordings.toSorted(newestFirst)) {
    const date = recording.date.slice(0, 10);
    if (current?.date !== date) {
      current = { date, recordings: [], seconds: 0, bytes: 0, growing: [] };
      days.push(current);
    }
    current.recordings.push(recording);
    current.seconds += recording.duration ?? 0;
    current.bytes += recording.size;
    if (recording.recording && recording.duration === null) current.growing.push(recording);
  }
  return days;
}

export function matching(recordings: readonly Recording[], filter: string): readonly Recording[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return recordings;
  return recordings.filter(({ name, source }) => {
    const text = `${name} ${source ?? ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Seconds recorded so far of a recording that grows, by the server's clock; null when its start is unknown. */
export function elapsed({ started }: Recording, now: number): number | null {
  const start = Date.parse(started ?? '') / 1000;
  return Number.isNaN(start) ? null : Math.max(0, now - start);
}

/** The name without the source's folder, where the source is shown beside it. */
export function shortName({ name, source }: Recording): string {
  return source !== null && name.startsWith(`${source}/`) ? name.slice(source.length + 1) : name;
}

function newestFirst(a: Recording, b: Recording): number {
  return compare(b.date, a.date) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
