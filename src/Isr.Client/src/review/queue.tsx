import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Section } from '../archive/types';
import { useDesk } from '../desk';
import { plural } from '../format';
import { useStore } from '../store';
import { shownName } from '../timeline/rows';
import { seconds } from './words';
import { keyOf, type Order, ordered } from './order';
import { useSwipes } from './swipes';

interface Props {
  /** Of the day at hand; null until known. */
  sections: readonly Section[] | null;
  selected: Section | null;
  order: Order;
  setOrder: (order: Order) => void;
  choose: (section: Section) => void;
  /** How many recordings are still being looked through. */
  pending: number;
  error: string | null;
  retry: () => void;
}

/** Rows drawn at once; thousands are drawn in steps. */
const step = 200;

/** What stands out on the day at hand, ranked. */
export function Queue({ sections, selected, order, setOrder, choose, pending, error, retry }: Props) {
  const list = useMemo(() => (sections === null ? [] : ordered(sections, order)), [sections, order]);
  const loudest = useMemo(() => list.reduce((most, { score }) => Math.max(most, score), 1), [list]);
  const [limit, setLimit] = useState(step);
  const at = selected === null ? -1 : list.findIndex((section) => keyOf(section) === keyOf(selected));
  const count = Math.max(limit, Math.ceil((at + 1) / step) * step);
  const box = useRef<HTMLElement>(null);
  const active = at < 0 ? undefined : `section-${at}`;

  useEffect(() => {
    if (active !== undefined) document.getElementById(active)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const go = (to: number) => {
    const target = list[Math.max(0, Math.min(list.length - 1, to))];
    if (target !== undefined) choose(target);
  };
  useSwipes(box, (by) => go(at < 0 ? 0 : at + by));
  const move = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    go(to);
  };

  return (
    <section ref={box} class="queue" aria-labelledby="queue-title">
      <header>
        <h2 id="queue-title">To review</h2>
        <span class="count t">{sections === null ? '' : list.length}</span>
        <button class="button" aria-label={order === 'score' ? 'Sorted by score; sort by time' : 'Sorted by time; sort by score'} onClick={() => setOrder(order === 'score' ? 'time' : 'score')}>
          by {order}
        </button>
      </header>
      {pending > 0 && <p class="pending">{plural(pending, 'recording')} not looked through yet.</p>}
      {list.length > 0 ? (
        <div class="list" role="listbox" tabIndex={0} aria-labelledby="queue-title" aria-activedescendant={active} onKeyDown={move}>
          {list.slice(0, count).map((section, i) => (
            <Row key={keyOf(section)} id={`section-${i}`} number={i + 1} section={section} share={section.score / loudest} selected={i === at} choose={choose} />
          ))}
        </div>
      ) : (
        sections !== null && error === null && <Nothing pending={pending} />
      )}
      {/* Below, so that rows stay where they are. */}
      {error !== null && (
        <p class="message" role="alert">
          What stands out cannot be shown: {error} <button class="button" onClick={retry}>Retry</button>
        </p>
      )}
      {count < list.length && (
        <button class="button more" onClick={() => setLimit(count + step)}>
          Show {Math.min(step, list.length - count)} more
        </button>
      )}
    </section>
  );
}

interface RowProps {
  id: string;
  number: number;
  section: Section;
  share: number;
  selected: boolean;
  choose: (section: Section) => void;
}

function Row({ id, number, section, share, selected, choose }: RowProps) {
  const { zone } = useDesk();
  const start = Date.parse(section.start);
  const length = (Date.parse(section.end) - start) / 1000;
  const clock = zone.exactClock(start);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list has the keys
    <div
      id={id}
      class="row"
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      onClick={() => choose(section)}
    >
      <span class="number t">{number}</span>{' '}
      <span class="t">{clock}</span>{' '}
      <span class="bar">
        <i style={{ width: `${100 * share}%` }} />
      </span>
      <span class="score t">
        +{section.score.toFixed(1)} <span class="unseen">decibels above noise,</span>
      </span>{' '}
      <span class="what">
        {shownName(section.source)}, <span class="t">{seconds(length)}</span>
      </span>
    </div>
  );
}

function Nothing({ pending }: { pending: number }) {
  const { parameters } = useDesk();
  const { margin } = useStore(parameters, (value) => value);
  if (pending > 0) return null;
  return (
    <p class="message">
      Nothing that was recorded on this day is {margin} dB above the noise. Turn “above noise” down to find what is fainter.
    </p>
  );
}
