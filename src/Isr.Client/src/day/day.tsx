import { useEffect, useMemo } from 'preact/hooks';
import { parametersQuery } from '../archive/parameters';
import type { Section } from '../archive/types';
import { useDesk } from '../desk';
import { dayAtHand } from '../page/place';
import { PlayerPanel } from '../player/panel';
import { type Order, sectionAt, within } from '../review/order';
import { Queue } from '../review/queue';
import { useStore } from '../store';
import { dayOf } from '../time/span';
import { Timeline } from '../timeline/timeline';

interface Props {
  order: Order;
  setOrder: (order: Order) => void;
  choose: (section: Section) => void;
}

/** A day at a glance: lanes, what there is to review, the player. */
export function DayView({ order, setOrder, choose }: Props) {
  const desk = useDesk();
  const { zone, feed, sections } = desk;
  // Not all of it: while lanes are dragged the rest of the page stands still.
  const date = useStore(desk.place, (place) => dayAtHand(place, zone, feed.now()));
  const source = useStore(desk.place, (place) => place.source);
  const at = useStore(desk.place, (place) => place.at);
  const { value, error } = useStore(sections.state, (state) => state);
  const ofDay = useMemo(() => (value === null ? null : within(value.sections, dayOf(zone, date))), [value, date, zone]);
  useQuestions(date);

  return (
    <main id="main" class="day-view" tabIndex={-1}>
      <Timeline choose={choose} />
      <div class="below">
        <Queue
          sections={ofDay}
          selected={sectionAt(ofDay ?? [], source, at)}
          order={order}
          setOrder={setOrder}
          choose={choose}
          pending={value?.pending.length ?? 0}
          error={error}
          retry={() => void sections.again()}
        />
        <PlayerPanel />
      </div>
    </main>
  );
}

/** Asks for what the lanes and the list show, and again when it may be another. */
function useQuestions(date: string): void {
  const { zone, feed, place, parameters, sections, coverage, tiles } = useDesk();
  const first = useStore(place, ({ span }) => zone.date(span.from));
  const last = useStore(place, ({ span }) => zone.date(Math.max(span.from, span.to - 1)));
  const chosen = useStore(parameters, (value) => value);
  // The day at hand is among them, but for a moment while a span is moved.
  const from = first < date ? first : date;
  const to = last > date ? last : date;

  useEffect(() => {
    sections.ask(`api/sections?from=${from}&to=${to}&${parametersQuery(chosen)}`);
    coverage.ask(`api/coverage?from=${from}&to=${to}`);
  }, [from, to, chosen, sections, coverage]);

  useEffect(() => {
    const all = () => {
      void sections.again();
      void coverage.again();
      tiles.refresh();
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Levels become known one recording after another; looked at each time, thousands would keep the server busy.
    const measured = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void sections.again();
        tiles.refresh();
      }, 2000);
    };
    const leave = [feed.changes.subscribe(all), feed.measured.subscribe(measured)];
    return () => {
      clearTimeout(timer);
      for (const off of leave) off();
    };
  }, [feed, sections, coverage, tiles]);
}
