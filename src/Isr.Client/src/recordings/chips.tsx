import { useState } from 'preact/hooks';
import type { Section } from '../archive/types';
import { useDesk } from '../desk';
import { chooseSection } from '../review/choose';
import { keyOf, sectionAt, spanOf } from '../review/order';
import { useStore } from '../store';
import { strongest } from './sections';

interface Props {
  sections: readonly Section[];
  /** Of the recording; only those that begin in it have a chip here. */
  name: string;
  count: number;
  note: string | null;
}

/** More than anybody looks through in a row. */
const most = 200;

/** What stands out in a recording: the strongest, and the rest when asked for. */
export function Chips({ sections, name, count, note }: Props) {
  const desk = useDesk();
  const { zone, place } = desk;
  const [all, setAll] = useState(false);
  const current = useStore(place, ({ source, at }) => {
    const found = sectionAt(sections, source, at);
    return found === null ? '' : keyOf(found);
  });
  const own = strongest(sections, name, all ? most : count, current);
  const rest = sections.filter(({ file }) => file === name).length - own.length;
  return (
    <span class={all ? 'chips open' : 'chips'}>
      {own.map((section) => (
        <button
          key={keyOf(section)}
          class="chip t"
          aria-current={keyOf(section) === current ? 'true' : undefined}
          onClick={() => chooseSection(desk, section)}
        >
          <span class="unseen">Play </span>
          {zone.exactClock(spanOf(section).from)} <b>+{section.score.toFixed(1)}</b>
          <span class="unseen"> decibels above noise</span>
        </button>
      ))}
      {(rest > 0 || all) && (
        <button class="chip more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'fewer' : `${rest} more`}
        </button>
      )}
      {own.length === 0 && note !== null && <span class="note">{note}</span>}
    </span>
  );
}
