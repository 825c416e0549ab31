import { useMemo } from 'preact/hooks';
import type { Section } from '../archive/types';
import { useDesk } from '../desk';
import { dayAtHand } from '../page/place';
import { PlayerPanel } from '../player/panel';
import { answered, type Order, sectionAt } from '../review/order';
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
  // Not the whole place: a handle that is dragged must not draw the list anew.
  const source = useStore(desk.place, (place) => place.source);
  const at = useStore(desk.place, (place) => place.at);
  const date = useStore(desk.place, (place) => dayAtHand(place, zone, feed.now()));
  const { value, error } = useStore(sections.state, (state) => state);
  const ofDay = useMemo(() => answered(value, dayOf(zone, date)), [value, date, zone]);

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
