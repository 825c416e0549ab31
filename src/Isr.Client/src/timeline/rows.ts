import type { SourceStatus } from '../api/types';
import type { Track } from '../archive/tracks';
import type { CoverageAnswer, SectionsAnswer } from '../archive/types';

/** Sources that have a lane: as the status has them, then by name. */
export function laneNames(
  status: readonly SourceStatus[],
  coverage: CoverageAnswer | null,
  sections: SectionsAnswer | null,
  tracks: readonly Track[],
): string[] {
  const first = status.map(({ name }) => name);
  const others = new Set([
    ...(coverage?.sources ?? []).map(({ source }) => source),
    ...(sections?.sections ?? []).map(({ source }) => source),
    ...tracks.map(({ source }) => source),
  ]);
  return [...first, ...[...others].filter((name) => !first.includes(name)).toSorted((a, b) => Number(a === '') - Number(b === '') || (a < b ? -1 : 1))];
}

export function shownName(source: string): string {
  return source === '' ? 'no source' : source;
}

/** What is known of its sound where no recorder tells: `FLAC 48 kHz stereo`. */
export function formatOf({ recording: { name, sample_rate: rate, channels } }: Track): string {
  const parts = [name.slice(name.lastIndexOf('.') + 1).toUpperCase()];
  if (rate !== null) parts.push(`${rate / 1000} kHz`);
  if (channels !== null) parts.push(channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`);
  return parts.join(' ');
}
