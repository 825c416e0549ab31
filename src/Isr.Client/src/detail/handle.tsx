import { useRef } from 'preact/hooks';
import { useDesk } from '../desk';
import { holds, lengthOf, type Span } from '../time/span';
import { second } from '../time/zone';
import { type Edge, edgeText, seen, withEdge } from './cut';

interface Props {
  edge: Edge;
  cut: Span;
  stretch: Span;
}

/** An end of the cut: dragged, or moved by keys a hundredth of a second at a time. */
export function Handle({ edge, cut, stretch }: Props) {
  const { place, zone } = useDesk();
  const grip = useRef<number | null>(null);
  const at = cut[edge];
  if (!holds({ from: stretch.from, to: stretch.to + 1 }, at)) return null;

  const moveTo = (to: number) => {
    const { cut: now } = place.value;
    if (now !== null) place.patch({ cut: withEdge(now, edge, to) });
  };
  const timeAt = (element: HTMLElement, x: number) => {
    const { left, width } = element.parentElement!.getBoundingClientRect();
    return place.value.stretch.from + ((x - left) / Math.max(1, width)) * lengthOf(place.value.stretch);
  };
  const key = (event: KeyboardEvent) => {
    const by = steps(event);
    const to = by !== null ? at + by : event.key === 'Home' ? stretch.from : event.key === 'End' ? stretch.to : null;
    if (to === null || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    moveTo(to);
  };

  return (
    <div
      class={`handle ${edge}`}
      role="slider"
      tabIndex={0}
      aria-label={edge === 'from' ? 'Cut start' : 'Cut end'}
      aria-valuemin={Math.min(stretch.from, at) / second}
      aria-valuemax={Math.max(stretch.to, at) / second}
      aria-valuenow={at / second}
      aria-valuetext={edgeText(zone, at)}
      style={{ left: `${(100 * (at - stretch.from)) / lengthOf(stretch)}%` }}
      onKeyDown={key}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        grip.current = at - timeAt(event.currentTarget, event.clientX);
      }}
      onPointerMove={(event) => {
        if (grip.current !== null) moveTo(seen(timeAt(event.currentTarget, event.clientX) + grip.current, place.value.stretch));
      }}
      onPointerUp={() => (grip.current = null)}
      onPointerCancel={() => (grip.current = null)}
    />
  );
}

/** Milliseconds that a key moves it by; null for other keys. */
function steps({ key, shiftKey }: KeyboardEvent): number | null {
  const small = shiftKey ? 100 : 10;
  if (key === 'ArrowLeft' || key === 'ArrowDown') return -small;
  if (key === 'ArrowRight' || key === 'ArrowUp') return small;
  if (key === 'PageDown') return -second;
  return key === 'PageUp' ? second : null;
}
