import type { Track, Tracks } from '../archive/tracks';
import type { Span } from '../time/span';
import { almostNothing } from './growing';

/** What the player asks of `Tracks`. */
export type Archive = Pick<Tracks, 'at' | 'after' | 'again' | 'endOf' | 'zone'>;

/** What comes behind the end of what is open. */
export interface Following {
  readonly track: Track;
  /** Where in it to go on, in milliseconds since 1970. */
  readonly at: number;
  /** The same recording, which is longer now. */
  readonly again: boolean;
  /** What was not recorded in between. */
  readonly missing: Span | null;
}

/** Times of files that follow on one another differ by this at most, in milliseconds; it is their clocks, nothing is missing. */
export const seam = 1000;

/** What comes after the track, of which is open what lies before `end`; null while nothing does. */
export async function following(tracks: Archive, { track, end, growing }: { track: Track; end: number; growing: boolean }): Promise<Following | null> {
  const next = await beginningAfter(tracks, track, end, growing);
  if (growing) {
    const same = await tracks.again(track);
    if (same !== null && (same.recording.recording ? next === null : same.to > end + almostNothing * 1000)) return { track: same, at: end, again: true, missing: null };
  }
  if (next === null) return null;
  const step = next.from - end;
  return {
    track: next,
    at: step < -seam ? end : next.from,
    again: false,
    missing: step > seam ? { from: end, to: next.from } : null,
  };
}

/** The next one that reaches beyond the end: files overlap where a clock was set. */
async function beginningAfter(tracks: Archive, { source, from }: Track, end: number, now: boolean): Promise<Track | null> {
  const next = await tracks.after(source, from, now);
  return next === null || next.from >= end - seam || tracks.endOf(next) > end ? next : beginningAfter(tracks, next, end, now);
}
