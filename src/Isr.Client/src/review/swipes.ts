import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** So far sideways, and twice as far as up or down, a finger means a swipe; in pixels. */
const least = 48;

/** 1 for a swipe to the left, which goes on; -1 for one to the right, which goes back; 0 for what is none. */
export function swipeOf(x: number, y: number): 1 | -1 | 0 {
  if (Math.abs(x) < least || Math.abs(x) < 2 * Math.abs(y)) return 0;
  return x < 0 ? 1 : -1;
}

/** Tells swipes of one finger; the element's `touch-action` leaves those to the page. */
export function useSwipes(box: RefObject<HTMLElement | null>, swiped: (by: 1 | -1) => void): void {
  const latest = useRef(swiped);
  latest.current = swiped;
  useEffect(() => {
    const { current: element } = box;
    if (element === null) return;
    let start: { id: number; x: number; y: number } | null = null;
    const ends = new AbortController();
    const { signal } = ends;
    const down = (event: PointerEvent) => {
      start = event.pointerType === 'touch' && event.isPrimary ? { id: event.pointerId, x: event.clientX, y: event.clientY } : null;
    };
    const up = (event: PointerEvent) => {
      if (start?.id !== event.pointerId) return;
      const by = swipeOf(event.clientX - start.x, event.clientY - start.y);
      start = null;
      if (by !== 0) latest.current(by);
    };
    element.addEventListener('pointerdown', down, { signal });
    element.addEventListener('pointerup', up, { signal });
    // The browser scrolls instead.
    element.addEventListener('pointercancel', () => (start = null), { signal });
    return () => ends.abort();
  }, [box]);
}
