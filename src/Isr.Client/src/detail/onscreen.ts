import { useEffect, useState } from 'preact/hooks';
import type { Track, Tracks } from '../archive/tracks';
import { useTries } from '../archive/tries';
import { useDesk } from '../desk';
import { lengthOf, type Span } from '../time/span';
import { addDays, minute, type Zone } from '../time/zone';

/** Asked for in steps of this, so that moving a little asks nothing. */
const chunk = 10 * minute;

/** Longer stretches are shown without their spectrogram. */
export const longestSpectrogram = 10 * minute;

const none: readonly Track[] = [];

/** The recordings of a source that reach into the span, in order. */
export async function tracksIn(tracks: Tracks, zone: Zone, source: string, { from, to }: Span): Promise<Track[]> {
  const dates: string[] = [];
  for (let date = addDays(zone.date(from), -1); date <= zone.date(to); date = addDays(date, 1)) dates.push(date);
  const [first, ...days] = await Promise.all([tracks.at(source, from), ...dates.map((date) => tracks.day(date))]);
  const found = days.flat().filter((track) => track.source === source && track.from < to && tracks.endOf(track) > from);
  return first === null || first === undefined || found.includes(first) ? found : [first, ...found];
}

export interface Shown {
  /** Those known before, until others are. */
  readonly list: readonly Track[];
  /** Whether these are they. */
  readonly known: boolean;
}

/** The recordings of about what is shown, where that is short enough for a spectrogram. */
export function useTracks(source: string, stretch: Span): Shown {
  const { tracks, zone } = useDesk();
  const [found, setFound] = useState({ source, list: none, from: NaN, to: NaN });
  const [failed, setFailed] = useState(false);
  const { tries } = useTries(failed);
  const short = lengthOf(stretch) <= longestSpectrogram;
  const from = Math.floor(stretch.from / chunk) * chunk;
  const to = Math.ceil(stretch.to / chunk) * chunk;
  useEffect(() => {
    if (!short) return;
    let wanted = true;
    tracksIn(tracks, zone, source, { from, to }).then(
      (list) => {
        if (!wanted) return;
        setFound({ source, list, from, to });
        setFailed(false);
      },
      // Levels, which fail alike, say why.
      () => wanted && setFailed(true),
    );
    return () => void (wanted = false);
  }, [tracks, zone, source, from, to, short, tries]);
  return { list: found.source === source ? found.list : none, known: found.source === source && found.from === from && found.to === to };
}

/** The recording at that moment; null where there is none. */
export function useTrackAt(source: string, at: number | null): Track | null {
  const { tracks } = useDesk();
  const [track, setTrack] = useState<Track | null>(null);
  const [failed, setFailed] = useState(false);
  const { tries } = useTries(failed);
  const inside = track !== null && at !== null && track.source === source && track.from <= at && at < tracks.endOf(track);
  // A moment further on in the same recording asks nothing.
  const asked = inside ? track.from : at;
  useEffect(() => {
    if (asked === null) return;
    let wanted = true;
    tracks.at(source, asked).then(
      (found) => {
        if (!wanted) return;
        setTrack(found);
        setFailed(false);
      },
      () => wanted && setFailed(true),
    );
    return () => void (wanted = false);
  }, [tracks, source, asked, tries]);
  return inside ? track : null;
}
