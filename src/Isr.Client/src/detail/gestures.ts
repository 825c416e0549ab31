import { type RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { type PlaceStore, stretchLimits } from '../page/place';
import { sidewaysOf, wheelFactor, zooms } from '../page/wheel';
import { lengthOf, moved, zoomed } from '../time/span';
import { between } from './cut';

/** Pixels that a pointer may tremble in a click. */
const tremble = 5;

interface Held {
  x: number;
  /** The moment it lies on: it stays under it. */
  at: number;
}

/**
 * Wheel and pinch zoom, dragging moves, with Shift it marks a cut; a click is told. `touched` is called whenever somebody moves the stretch.
 */
export function useGestures(surface: RefObject<HTMLElement | null>, place: PlaceStore, clicked: (at: number) => void, touched: () => void): void {
  const tell = useRef({ clicked, touched });
  tell.current = { clicked, touched };
  useEffect(() => {
    const element = surface.current;
    if (element === null) return;
    const held = new Map<number, Held>();
    let marking: number | null = null;
    let start: { x: number; y: number } | null = null;
    let dragged = false;

    const shareOf = (x: number) => {
      const { left, width } = element.getBoundingClientRect();
      return (x - left) / Math.max(1, width);
    };
    const timeAt = (x: number) => place.value.stretch.from + shareOf(x) * lengthOf(place.value.stretch);
    const anchor = () => {
      for (const pointer of held.values()) pointer.at = timeAt(pointer.x);
    };
    const follow = () => {
      tell.current.touched();
      const [one, other] = [...held.values()];
      if (one === undefined) return;
      const share = shareOf(one.x);
      const apart = other === undefined ? 0 : shareOf(other.x) - share;
      const pinched = other === undefined || Math.abs(apart) < 0.01 ? lengthOf(place.value.stretch) : (other.at - one.at) / apart;
      const length = Math.min(stretchLimits.longest, Math.max(stretchLimits.shortest, Math.abs(pinched)));
      const from = one.at - share * length;
      place.patch({ stretch: { from, to: from + length } });
    };

    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      held.set(event.pointerId, { x: event.clientX, at: 0 });
      anchor();
      if (held.size === 1) {
        dragged = false;
        start = { x: event.clientX, y: event.clientY };
        marking = event.shiftKey ? timeAt(event.clientX) : null;
      } else {
        dragged = true;
        marking = null;
      }
    };
    const move = (event: PointerEvent) => {
      const pointer = held.get(event.pointerId);
      if (pointer === undefined || start === null) return;
      pointer.x = event.clientX;
      dragged ||= Math.hypot(event.clientX - start.x, event.clientY - start.y) > tremble;
      if (!dragged) return;
      if (marking === null) follow();
      else place.patch({ cut: between(marking, timeAt(event.clientX), place.value.stretch) ?? place.value.cut });
    };
    const up = (event: PointerEvent) => {
      if (!held.delete(event.pointerId)) return;
      anchor();
      if (event.type === 'pointerup' && held.size === 0 && !dragged && marking === null) tell.current.clicked(timeAt(event.clientX));
    };
    const wheel = (event: WheelEvent) => {
      const sideways = sidewaysOf(event);
      if (sideways === null && !zooms(event, element)) return;
      event.preventDefault();
      tell.current.touched();
      const { stretch } = place.value;
      if (sideways !== null) place.patch({ stretch: moved(stretch, (sideways / Math.max(1, element.clientWidth)) * lengthOf(stretch)) });
      else place.patch({ stretch: zoomed(stretch, wheelFactor(event.deltaY, event.deltaMode, event.ctrlKey), timeAt(event.clientX), stretchLimits) });
    };

    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('wheel', wheel);
    };
  }, [surface, place]);
}
