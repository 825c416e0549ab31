import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export type Way = 'reviewed' | 'ignored';

/** So far sideways a finger means it, in pixels; and it must have gone twice as far as up or down. */
const least = 72;
/** From here on the row follows the finger. */
const slack = 12;

/** To the right it was reviewed, to the left it is not this; null for what is no swipe. */
export function swipeOf(x: number, y: number): Way | null {
  if (Math.abs(x) < least || Math.abs(x) < 2 * Math.abs(y)) return null;
  return x > 0 ? 'reviewed' : 'ignored';
}

/** Tells swipes of one finger over rows, which follow it; the element's `touch-action` leaves those to the page. */
export function useSwipes(box: RefObject<HTMLElement | null>, on: boolean, swiped: (index: number, way: Way) => void): void {
  const latest = useRef(swiped);
  latest.current = swiped;
  useEffect(() => {
    const { current: element } = box;
    if (element === null || !on) return;
    let held: { id: number; x: number; y: number; row: HTMLElement } | null = null;
    const ends = new AbortController();
    const { signal } = ends;
    const letGo = () => {
      if (held === null) return;
      held.row.style.removeProperty('transform');
      delete held.row.dataset['swipe'];
      held = null;
    };
    const down = (event: PointerEvent) => {
      letGo();
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('.row') : null;
      if (event.pointerType === 'touch' && event.isPrimary && row !== null) held = { id: event.pointerId, x: event.clientX, y: event.clientY, row };
    };
    const move = (event: PointerEvent) => {
      if (held?.id !== event.pointerId) return;
      const [x, y] = [event.clientX - held.x, event.clientY - held.y];
      if (Math.abs(x) < slack || Math.abs(x) < 2 * Math.abs(y)) return;
      held.row.style.transform = `translateX(${x}px)`;
      const way = swipeOf(x, y);
      if (way === null) delete held.row.dataset['swipe'];
      else held.row.dataset['swipe'] = way;
    };
    const up = (event: PointerEvent) => {
      if (held?.id !== event.pointerId) return;
      const way = swipeOf(event.clientX - held.x, event.clientY - held.y);
      const index = Number(held.row.id.replace(/^section-/, ''));
      letGo();
      if (way !== null) latest.current(index, way);
    };
    element.addEventListener('pointerdown', down, { signal });
    element.addEventListener('pointermove', move, { signal });
    element.addEventListener('pointerup', up, { signal });
    // The browser scrolls instead.
    element.addEventListener('pointercancel', letGo, { signal });
    return () => ends.abort();
  }, [box, on]);
}
