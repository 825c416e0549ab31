import type { Track, Tracks } from '../archive/tracks';
import { lengthOf, type Span } from '../time/span';
import { day, second, type Zone } from '../time/zone';
import { tracksIn } from './onscreen';

export type Cutting = { readonly path: string; readonly reason: null } | { readonly path: null; readonly reason: string };

export const nothingMarked: Cutting = { path: null, reason: 'Nothing is marked: drag with Shift, or press [ and ].' };

/** Longer ones are not looked through beforehand. */
const lookedThrough = day;

/** Where that stretch can be downloaded, or a sentence why nowhere. What lies between its recordings only the server knows. */
export async function cutting(tracks: Tracks, zone: Zone, source: string, cut: Span): Promise<Cutting> {
  const found = source === '' || lengthOf(cut) <= lookedThrough ? await tracksIn(tracks, zone, source, cut) : null;
  if (found?.length === 0) return { path: null, reason: 'Nothing was recorded between the handles.' };
  return source === '' ? ofFile(found ?? [], cut, tracks) : { path: ofSource(source, cut), reason: null };
}

export function ofSource(source: string, { from, to }: Span): string {
  return `api/cut?source=${encodeURIComponent(source)}&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
}

/** A recording without a source is cut by itself. */
function ofFile(found: readonly Track[], { from, to }: Span, tracks: Tracks): Cutting {
  const track = found.find((candidate) => candidate.from <= from && tracks.endOf(candidate) >= to);
  if (track === undefined) return { path: null, reason: 'Both handles must be within one recording.' };
  const seconds = (at: number) => Math.round(at - track.from) / second;
  return { path: `api/cut?file=${encodeURIComponent(track.recording.name)}&start=${seconds(from)}&end=${seconds(to)}`, reason: null };
}
