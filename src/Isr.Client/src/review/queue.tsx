import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useDesk } from '../desk';
import { plural } from '../format';
import { useMayManage } from '../page/session';
import { useStore } from '../store';
import { day } from '../time/zone';
import { lengthOf } from '../time/span';
import { ignore, playNight, reviewed } from './acts';
import { chooseSection } from './choose';
import { type Entry, isOpen } from './entry';
import { NightBar } from './nightbar';
import { keyOf, sectionAt } from './order';
import { Row } from './row';
import { Search } from './searchbar';
import { useSwipes } from './swipes';
import { useListed } from './uselisted';

/** Rows drawn at once; thousands are drawn in steps. */
const step = 200;
const none: readonly Entry[] = [];

/** What stands out, ranked; what was said of it. */
export function Queue() {
  const desk = useDesk();
  const { review, place, sections, marks } = desk;
  const listed = useListed();
  const order = useStore(review.state, (state) => state.order);
  const error = useStore(sections.state, (state) => state.error);
  const pending = useStore(sections.state, ({ value }) => value?.pending.length ?? 0);
  const unknown = useStore(marks.state, (state) => state.error);
  const playing = useStore(desk.night.state, (state) => state !== null);
  const mayManage = useMayManage();
  const list = listed.list ?? none;
  const loudest = useMemo(() => list.reduce((most, { section }) => Math.max(most, section.score), 1), [list]);
  const open = useMemo(() => list.filter(isOpen).length, [list]);
  const dated = lengthOf(review.span) > 1.5 * day;
  const [limit, setLimit] = useState(step);
  const source = useStore(place, (value) => value.source);
  const moment = useStore(place, (value) => value.at);
  const selected = useMemo(() => sectionAt(list.map(({ section }) => section), source, moment), [list, source, moment]);
  const at = selected === null ? -1 : list.findIndex(({ section }) => section === selected);
  const count = Math.max(limit, Math.ceil((at + 1) / step) * step);
  const box = useRef<HTMLElement>(null);
  const active = at < 0 ? undefined : `section-${at}`;

  useEffect(() => {
    if (active !== undefined) document.getElementById(active)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const go = (to: number) => {
    const target = list[Math.max(0, Math.min(list.length - 1, to))];
    if (target !== undefined) chooseSection(desk, target.section);
  };
  useSwipes(box, mayManage, (index, way) => {
    const entry = list[index];
    if (entry === undefined) return;
    void (way === 'reviewed' ? reviewed : ignore)(desk, entry);
  });
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
        <span class="count t">
          {listed.list !== null && open}
          {open < list.length && <span class="of"> of {list.length}</span>}
        </span>
        <button class="button" disabled={list.length === 0 || playing} onClick={() => playNight(desk)}>Play all</button>
        <button class="button" aria-label={order === 'score' ? 'Sorted by score; sort by time' : 'Sorted by time; sort by score'} onClick={() => review.state.patch({ order: order === 'score' ? 'time' : 'score' })}>
          by {order}
        </button>
      </header>
      {playing ? <NightBar /> : <Search />}
      {pending > 0 && <p class="pending">{plural(pending, 'recording')} not looked through yet.</p>}
      {list.length > 0 ? (
        <div class="list" role="listbox" tabIndex={0} aria-labelledby="queue-title" aria-activedescendant={active} onKeyDown={move}>
          {list.slice(0, count).map((entry, i) => (
            <Row key={keyOf(entry.section)} id={`section-${i}`} number={i + 1} entry={entry} share={entry.section.score / loudest} selected={i === at} dated={dated} choose={() => chooseSection(desk, entry.section)} />
          ))}
        </div>
      ) : (
        listed.list !== null && error === null && <Nothing pending={pending} hidden={listed.all.length} />
      )}
      {/* Below, so that rows stay where they are. */}
      {error !== null && (
        <p class="message" role="alert">
          What stands out cannot be shown: {error} <button class="button" onClick={() => void sections.again()}>Retry</button>
        </p>
      )}
      {unknown !== null && error === null && (
        <p class="message" role="alert">
          What was said of these is not known: {unknown} <button class="button" onClick={() => void marks.again()}>Retry</button>
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

/** Why nothing is listed. */
function Nothing({ pending, hidden }: { pending: number; hidden: number }) {
  const { parameters, review } = useDesk();
  const { margin } = useStore(parameters, (value) => value);
  if (hidden > 0) {
    return (
      <p class="message">
        None of {plural(hidden, 'section')} is like that. <button class="button" onClick={() => review.state.patch({ find: '', show: 'all' })}>Show all</button>
      </p>
    );
  }
  if (pending > 0) return null;
  return (
    <p class="message">
      Nothing that was recorded on this day is {margin} dB above the noise. Turn “above noise” down to find what is fainter.
    </p>
  );
}
