import { getJson } from '../api/client';
import type { Recording } from '../api/types';
import { Store } from '../store';
import { addDays, type Zone } from '../time/zone';

/** A recording in its place in time. */
export interface Track {
  readonly recording: Recording;
  /** Its source; empty for a file that belongs to none. */
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  /** While it is recorded, how far it has come, as far as is known. */
  readonly to: number;
}

interface KeptDay {
  tracks: Promise<Track[]>;
  /** When it was asked for. */
  asked: number;
}

const mostDays = 40;
/** How far to look for a recording that follows, in days. */
const furthest = 7;
/** Who needs to know how it is now is given nothing older, in milliseconds. */
const fresh = 1000;

/** Which recording holds which moment. Days are asked for when they are needed, and forgotten when something becomes of them. */
export class Tracks {
  /** Of which recordings were seen, also those that are no longer configured. */
  readonly sources = new Store<readonly string[]>([]);
  readonly #days = new Map<string, KeptDay>();
  readonly zone: Zone;
  readonly #now: () => number;

  constructor(zone: Zone, now: () => number) {
    this.zone = zone;
    this.#now = now;
  }

  /** Recordings that begin on that local day, in order; of all sources. `now`: as it is now, not as it was when it was asked for. */
  day(date: string, now = false): Promise<Track[]> {
    const kept = this.#days.get(date);
    if (kept !== undefined && !(now && Math.abs(this.#now() - kept.asked) > fresh)) return kept.tracks;
    const asked: KeptDay = { tracks: Promise.resolve([]), asked: this.#now() };
    asked.tracks = getJson<Recording[]>(`api/files?from=${date}&to=${date}`).then(
      (files) => files.map((file) => this.place(file)).toSorted((a, b) => a.from - b.from || (a.recording.name < b.recording.name ? -1 : 1)),
      (error: unknown) => {
        if (this.#days.get(date) === asked) this.#days.delete(date);
        throw error;
      },
    );
    this.#days.delete(date);
    this.#days.set(date, asked);
    const oldest = this.#days.keys().next().value;
    if (this.#days.size > mostDays && oldest !== undefined) this.#days.delete(oldest);
    return asked.tracks;
  }

  /** The recording of the source that holds that moment; of two the later one. */
  async at(source: string, at: number): Promise<Track | null> {
    const date = this.zone.date(at);
    const days = await Promise.all([this.day(addDays(date, -1)), this.day(date)]);
    const found = days.flat().findLast((track) => track.source === source && track.from <= at && at < this.endOf(track));
    return found ?? this.#longer(source, date, at);
  }

  /** The first recording of the source that begins after that moment, within a week. */
  async after(source: string, at: number, now = false): Promise<Track | null> {
    return this.#afterOn(source, at, this.zone.date(at), furthest, now);
  }

  /** What became of a recording; null when it is no longer there. */
  async again({ recording, from }: Track): Promise<Track | null> {
    return (await this.day(this.zone.date(from), true)).find((track) => track.recording.name === recording.name) ?? null;
  }

  /** How far it has come by now. */
  endOf(track: Track): number {
    return track.recording.recording ? Math.max(track.to, this.#now()) : track.to;
  }

  /** Something became of recordings: what is kept may be old. */
  forget(): void {
    this.#days.clear();
  }

  /** On that day or one of so many that follow it. */
  async #afterOn(source: string, at: number, date: string, days: number, now: boolean): Promise<Track | null> {
    const today = this.zone.date(this.#now());
    if (days < 0 || date > today) return null;
    const found = (await this.day(date, now && date === today)).find((track) => track.source === source && track.from > at);
    return found ?? this.#afterOn(source, at, addDays(date, 1), days - 1, now);
  }

  /** One that is longer than a day reaches here from further back. */
  async #longer(source: string, date: string, at: number): Promise<Track | null> {
    const before = await getJson<Recording[]>(`api/files?source=${encodeURIComponent(source)}&to=${addDays(date, -2)}&limit=1`);
    const track = before[0] === undefined ? null : this.place(before[0]);
    return track !== null && track.source === source && at < this.endOf(track) ? track : null;
  }

  /** Where a recording lies in time. */
  place(recording: Recording): Track {
    const started = Date.parse(recording.started ?? '');
    const local = recording.date.split(' ');
    const from = Number.isNaN(started) ? (this.zone.instants(local[0] ?? '', millisecondsOf(local[1] ?? ''))[0] ?? recording.mtime * 1000) : started;
    const to = recording.recording ? this.#now() : from + (recording.duration ?? 0) * 1000;
    const source = recording.source ?? '';
    if (source !== '' && !this.sources.value.includes(source)) this.sources.set([...this.sources.value, source]);
    return { recording, source, from, to };
  }
}

function millisecondsOf(clock: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
