import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { PlaceStore } from '../page/place';
import { sidewaysOf, wheelFactor, zooms } from '../page/wheel';
import { lengthOf, moved, type Span, zoomed } from '../time/span';
import { pinched, SpanMover, still } from './pan';

export interface Handlers {
  /** A click on the lane of that source, so many pixels from its left edge. */
  click: (source: string, x: number, width: number) => void;
  hover: (source: string | null, x: number, width: number) => void;
}

interface Finger {
  readonly startX: number;
  x: number;
  readonly startY: number;
  y: number;
}

/** Within so many milliseconds a second click is a double one. */
const double = 350;

/** Drag, pinch and wheel move and zoom what lies within an element with `data-time`; a click on one with `data-source` is told. */
export function useGestures(box: RefObject<HTMLElement | null>, place: PlaceStore, enabled: boolean, handlers: Handlers): void {
  const latest = useRef(handlers);
  latest.current = handlers;

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const mover = new SpanMover(place);
    const fingers = new Map<number, Finger>();
    let area = { left: 0, width: 1 };
    let start: Span = place.value.span;
    let dragging = false;
    let clicked = { time: -Infinity, x: 0 };

    const under = (event: Event) => (event.target instanceof Element ? event.target.closest<HTMLElement>('[data-time]') : null);
    const begin = () => {
      start = mover.span;
      for (const [id, { x, y }] of fingers) fingers.set(id, { startX: x, x, startY: y, y });
    };
    const down = (event: PointerEvent) => {
      const lane = under(event);
      if (lane === null || event.button !== 0 || fingers.size === 2) return;
      const { left, width } = lane.getBoundingClientRect();
      area = { left, width };
      fingers.set(event.pointerId, { startX: event.clientX, x: event.clientX, startY: event.clientY, y: event.clientY });
      if (fingers.size === 1) dragging = false;
      else dragging = true;
      begin();
    };
    const move = (event: PointerEvent) => {
      const finger = fingers.get(event.pointerId);
      if (finger === undefined) {
        hover(event);
        return;
      }
      finger.x = event.clientX;
      finger.y = event.clientY;
      if (!dragging) {
        if (Math.hypot(finger.x - finger.startX, finger.y - finger.startY) < still) return;
        dragging = true;
        element.setPointerCapture(event.pointerId);
        latest.current.hover(null, 0, 1);
      }
      const [one, two] = [...fingers.values()];
      if (one !== undefined && two !== undefined) {
        mover.to(pinched(start, area.width, [one.startX - area.left, two.startX - area.left], [one.x - area.left, two.x - area.left]));
      } else mover.to(moved(start, ((finger.startX - finger.x) / area.width) * lengthOf(start)));
    };
    const up = (event: PointerEvent) => {
      if (!fingers.delete(event.pointerId)) return;
      if (dragging) {
        // One finger that stays goes on dragging.
        begin();
        return;
      }
      const source = under(event)?.dataset.source;
      if (source === undefined) return;
      const x = event.clientX - area.left;
      const second = event.timeStamp - clicked.time < double && Math.abs(x - clicked.x) <= still;
      clicked = { time: second ? -Infinity : event.timeStamp, x };
      if (second) mover.to(zoomed(mover.span, 0.25, mover.span.from + (x / area.width) * lengthOf(mover.span)));
      else latest.current.click(source, x, area.width);
    };
    const cancel = (event: PointerEvent) => {
      fingers.delete(event.pointerId);
      begin();
    };
    const hover = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return;
      const lane = under(event);
      if (lane === null) latest.current.hover(null, 0, 1);
      else {
        const { left, width } = lane.getBoundingClientRect();
        latest.current.hover(lane.dataset.source ?? null, event.clientX - left, width);
      }
    };
    const leave = () => latest.current.hover(null, 0, 1);
    const wheel = (event: WheelEvent) => {
      const lane = under(event);
      if (lane === null) return;
      const sideways = sidewaysOf(event);
      // The ruler stays where lanes scroll: over it the wheel always zooms.
      if (sideways === null && lane.dataset.source !== undefined && !zooms(event, lane)) return;
      event.preventDefault();
      const { left, width } = lane.getBoundingClientRect();
      const { span } = mover;
      if (sideways !== null) mover.to(moved(span, (sideways / width) * lengthOf(span)));
      else mover.to(zoomed(span, wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey), span.from + ((event.clientX - left) / width) * lengthOf(span)));
    };

    const ends = new AbortController();
    const { signal } = ends;
    element.addEventListener('pointerdown', down, { signal });
    element.addEventListener('pointermove', move, { signal });
    element.addEventListener('pointerup', up, { signal });
    element.addEventListener('pointercancel', cancel, { signal });
    element.addEventListener('pointerleave', leave, { signal });
    element.addEventListener('wheel', wheel, { signal, passive: false });
    return () => {
      ends.abort();
      mover.stop();
    };
  }, [box, place, enabled]);
}
