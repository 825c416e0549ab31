import { useEffect, useMemo, useState } from 'preact/hooks';
import { useDesk } from '../desk';
import { spanOf } from '../review/order';
import { useStore } from '../store';
import { around, lengthOf, type Span } from '../time/span';
import { minute, second } from '../time/zone';
import { Gaps } from './gaps';
import { Head } from './head';
import { longestSpectrogram, type Shown, useTrackAt, useTracks } from './onscreen';
import { Picture } from './picture';
import { positionOf } from './position';
import { Surface } from './surface';
import { Tools } from './tools';

/** What a source sounds like at a moment: seen, measured, cut. */
export function Detail({ source }: { source: string }) {
  const desk = useDesk();
  const { place, player } = desk;
  const stretch = useStore(place, (value) => value.stretch);
  const cut = useStore(place, (value) => value.cut);
  const at = useStore(place, (value) => value.at);
  // Twice a second is enough to see another recording begin.
  const sounds = useStore(player.state, (state) => (state.source === source ? Math.floor(state.at / 500) * 500 : null));
  const track = useTrackAt(source, sounds ?? at);
  const shown = useTracks(source, stretch);
  const all = useStore(desk.sections.state, (state) => state.value?.sections);
  const coverage = useStore(desk.coverage.state, (state) => state.value?.sources);
  const ofSource = useMemo(() => (all ?? []).filter((section) => section.source === source), [all, source]);
  const sections = useMemo(() => ofSource.filter((section) => meets(spanOf(section), stretch)), [ofSource, stretch]);
  const gaps = useMemo(
    () => (coverage?.find((candidate) => candidate.source === source)?.gaps ?? []).filter(({ from, to }) => meets({ from: Date.parse(from), to: Date.parse(to) }, stretch)),
    [coverage, source, stretch],
  );
  const beat = useBeat(source, stretch);

  return (
    <>
      <Head source={source} track={track} sections={ofSource} />
      <div class="picture">
        <Picture source={source} stretch={stretch} shown={shown} sections={sections} gaps={gaps} beat={beat} />
        <Surface source={source} stretch={stretch} cut={cut}>
          <Gaps gaps={gaps} stretch={stretch} />
          <Note stretch={stretch} shown={shown} hatched={gaps.length > 0} />
        </Surface>
      </div>
      <Tools stretch={stretch} track={track} />
    </>
  );
}

/** Why there is no spectrogram. */
function Note({ stretch, shown, hatched }: { stretch: Span; shown: Shown; hatched: boolean }) {
  const desk = useDesk();
  const { place, spectrograms, feed, tracks } = desk;
  const error = useStore(spectrograms.error, (value) => value);
  if (lengthOf(stretch) > longestSpectrogram) {
    const middle = () => positionOf(desk) ?? (stretch.from + stretch.to) / 2;
    return (
      <p class="note">
        Zoom in to 10 minutes or less for the spectrogram. <button class="button" onClick={() => place.patch({ stretch: around(middle(), 10 * minute) })}>Show 10 minutes</button>
      </p>
    );
  }
  const none = shown.known && !shown.list.some((track) => track.from < stretch.to && tracks.endOf(track) > stretch.from);
  if (none) return hatched ? null : <p class="note">{stretch.from > feed.now() ? 'This is still to come.' : 'Nothing was recorded here.'}</p>;
  if (error === null) return null;
  return (
    <p class="note" role="alert">
      <span>The spectrogram cannot be shown: {error}</span> <button class="button" onClick={() => spectrograms.retry()}>Retry</button>
    </p>
  );
}

/** Beats while what is shown is being recorded. */
function useBeat(source: string, stretch: Span): number {
  const { feed } = useDesk();
  const [beat, setBeat] = useState(0);
  const recording = useStore(feed.data, ({ status }) => status?.sources?.some(({ name, state }) => name === source && state === 'recording') ?? false);
  const reachesNow = recording && stretch.to > feed.now() - 2 * second && stretch.from < feed.now();
  // A pixel's worth, but no more often than twice a second.
  const every = Math.max(500, Math.min(minute, lengthOf(stretch) / 500));
  useEffect(() => {
    if (!reachesNow) return;
    const timer = setInterval(() => setBeat((count) => count + 1), every);
    return () => clearInterval(timer);
  }, [reachesNow, every]);
  return beat;
}

function meets(a: Span, b: Span): boolean {
  return a.from < b.to && a.to > b.from;
}
