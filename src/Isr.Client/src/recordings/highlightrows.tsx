import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Section } from '../archive/types';
import { useDesk } from '../desk';
import { keyOf, sectionAt, spanOf } from '../review/order';
import { seconds, spokenScore } from '../review/words';
import { useStore } from '../store';
import { PanelHere } from './here';
import { step } from './rows';
import { focusSoon, shelf } from './shelf';

interface Props {
  id: string;
  /** In order of time. */
  sections: readonly Section[];
  /** They are all that there are; until then nothing is said of there being none. */
  known: boolean;
  choose: (section: Section) => void;
}

/** Only what stands out on a day. */
export function HighlightRows({ id, sections, known, choose }: Props) {
  const { place, zone, parameters } = useDesk();
  const [limit, setLimit] = useState(step);
  const selected = useStore(place, ({ source, at }) => sectionAt(sections, source, at));
  const margin = useStore(parameters, (value) => value.margin);
  const loudest = useMemo(() => sections.reduce((most, { score }) => Math.max(most, score), 1), [sections]);
  const key = selected === null ? null : keyOf(selected);
  const at = key === null ? -1 : sections.findIndex((section) => keyOf(section) === key);
  const count = Math.max(limit, Math.ceil((at + 1) / step) * step);
  const more = Math.min(step, sections.length - count);
  const row = useRef<HTMLLIElement>(null);
  const reveal = useStore(shelf, (value) => value.reveal);
  useEffect(() => {
    if (key === null || reveal === null) return;
    const frame = requestAnimationFrame(() => {
      row.current?.scrollIntoView({ block: 'nearest' });
      shelf.patch({ reveal: null });
    });
    return () => cancelAnimationFrame(frame);
  }, [key, reveal]);
  const showMore = () => {
    setLimit(count + step);
    focusSoon(() => document.querySelectorAll<HTMLElement>(`#${id} .play`)[count]);
  };
  if (sections.length === 0) {
    return known ? <p class="message">Nothing on this day is {margin} dB above the noise. Turn “above noise” down to find what is fainter.</p> : null;
  }
  return (
    <>
      <ul class="found-rows" id={id}>
        {sections.slice(0, count).map((section, i) => {
          const { from, to } = spanOf(section);
          const clock = zone.exactClock(from);
          const whose = section.source === '' ? section.file : section.source;
          const isCurrent = i === at;
          return (
            <li key={`${keyOf(section)}\n${section.file}`} ref={isCurrent ? row : null} aria-current={isCurrent ? 'true' : undefined}>
              <PlaySection section={section} label={`${clock}, ${whose}, ${spokenScore(section.score)}`} atHand={isCurrent} choose={choose} />
              <span class="t">{clock}</span>
              <span class="source-name" title={whose}>{whose}</span>
              <span class="bar"><i style={{ width: `${(100 * section.score) / loudest}%` }} /></span>
              <span class="score t">+{section.score.toFixed(1)}</span>
              <span class="length t">{seconds((to - from) / 1000)}</span>
              {isCurrent && <PanelHere />}
            </li>
          );
        })}
      </ul>
      {more > 0 && <button class="button more-rows" onClick={showMore}>Show {more} more</button>}
    </>
  );
}

interface PlayProps {
  section: Section;
  label: string;
  atHand: boolean;
  choose: (section: Section) => void;
}

function PlaySection({ section, label, atHand, choose }: PlayProps) {
  const { player } = useDesk();
  const playing = useStore(player.state, (state) => atHand && state.source === section.source && state.playing);
  return (
    <button class="button play" aria-label={`${playing ? 'Pause' : 'Play'} ${label}`} onClick={() => (playing ? player.toggle() : choose(section))}>
      {playing ? 'Pause' : 'Play'}
    </button>
  );
}
