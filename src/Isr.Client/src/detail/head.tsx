import { useMemo, useRef } from 'preact/hooks';
import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import { useDesk } from '../desk';
import { sectionAt, spanOf } from '../review/order';
import { seconds } from '../review/words';
import { shownName } from '../timeline/rows';
import { useStore } from '../store';
import { lengthOf } from '../time/span';
import { second } from '../time/zone';
import { positionOf, usePosition } from './position';

interface Props {
  source: string;
  /** The recording at hand. */
  track: Track | null;
  sections: readonly Section[];
}

/** Which source, when, what it is, where it is kept. */
export function Head({ source, track, sections }: Props) {
  const desk = useDesk();
  const { place, player, zone } = desk;
  const clock = useRef<HTMLTimeElement>(null);
  const tenth = useRef(NaN);
  const sounds = useStore(player.state, (state) => (state.source === source ? Math.floor(state.at / 100) : null));
  const chosen = useStore(place, ({ at }) => at);
  const section = useMemo(() => sectionAt(sections, source, positionOf(desk)) ?? sectionAt(sections, source, chosen), [sections, source, chosen, sounds, desk]);

  usePosition((at) => {
    const now = at === null ? NaN : Math.floor(at / 100);
    if (clock.current === null || Object.is(now, tenth.current)) return;
    tenth.current = now;
    clock.current.textContent = at === null ? '' : zone.exactClock(now * 100, 1);
  });

  return (
    <header class="detail-head">
      <h2>{shownName(source)}</h2>
      <time ref={clock} class="t now" />
      <span class="t what">{section !== null && `+${section.score.toFixed(1)} dB above noise, ${seconds(lengthOf(spanOf(section)) / second)}`}</span>
      {track?.recording.recording === true && <span class="rec">REC</span>}
      <span class="t file" title={track?.recording.name}>{track === null ? '' : track.recording.name.slice(track.recording.name.lastIndexOf('/') + 1)}</span>
    </header>
  );
}
