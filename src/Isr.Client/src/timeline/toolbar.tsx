import type { ComponentChildren } from 'preact';
import { useDesk } from '../desk';
import { dayAtHand } from '../page/place';
import { holds, lengthOf, zoomed } from '../time/span';
import { day } from '../time/zone';
import { monthOf, upToNow, weekOf } from './stretches';

interface Props {
  asTable: boolean;
  setAsTable: (on: boolean) => void;
  children: ComponentChildren;
}

/** How much time the lanes show. */
export function Toolbar({ asTable, setAsTable, children }: Props) {
  const { place, zone, feed } = useDesk();
  const date = () => dayAtHand(place.value, zone, feed.now());
  const zoom = (factor: number) => {
    const { span, at } = place.value;
    place.patch({ span: zoomed(span, factor, at !== null && holds(span, at) ? at : (span.from + span.to) / 2) });
  };
  const toNow = () => {
    const now = feed.now();
    const length = lengthOf(place.value.span);
    if (length >= 0.9 * day) place.showDay(zone.date(now));
    else place.patch({ span: upToNow(now, length) });
  };
  return (
    <div class="tools">
      <span role="group" aria-label="Zoom">
        <button class="button" aria-label="Zoom out" onClick={() => zoom(2)}>−</button>
        <button class="button" aria-label="Zoom in" onClick={() => zoom(0.5)}>+</button>
      </span>
      <span role="group" aria-label="Show">
        <button class="button" onClick={() => place.showDay(date())}>Day</button>
        <button class="button" onClick={() => place.patch({ span: weekOf(zone, date()) })}>Week</button>
        <button class="button" onClick={() => place.patch({ span: monthOf(zone, date()) })}>Month</button>
        <button class="button" onClick={toNow}>Now</button>
      </span>
      <span class="said">{children}</span>
      <button class="button" aria-label="As a table" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
        Table
      </button>
    </div>
  );
}
