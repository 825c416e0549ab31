/** Less than this is no reason to scroll. */
const least = 8;

/** Whether what the wheel does there is to zoom: with Ctrl, which is also how a pinch on a touch pad comes, and without where nothing could be scrolled. */
export function zooms(event: WheelEvent, element: Element): boolean {
  return event.ctrlKey || event.metaKey || !scrolls(element);
}

/** Whether it lies in something that the wheel could scroll; wherever that is scrolled to, so that a turn of the wheel never becomes another thing half way. */
function scrolls(element: Element): boolean {
  for (let box: Element | null = element; box !== null; box = box.parentElement) {
    if (box.scrollHeight - box.clientHeight < least) continue;
    if (box === document.scrollingElement || /auto|scroll/.test(getComputedStyle(box).overflowY)) return true;
  }
  return false;
}

/** Wheels tell pixels, lines or pages. */
export function pixelsOf(delta: number, mode: number): number {
  return mode === 1 ? delta * 16 : mode === 2 ? delta * 400 : delta;
}

/** How much wider a turn of the wheel makes what is shown. A pinch comes in small steps. */
export function wheelFactor(delta: number, mode: number, pinch = false): number {
  return pinch ? Math.exp(Math.max(-0.4, Math.min(0.4, pixelsOf(delta, mode) * 0.01))) : Math.exp(Math.max(-1, Math.min(1, pixelsOf(delta, mode) * 0.002)));
}

/** Pixels that it goes sideways; null where it goes up or down. */
export function sidewaysOf({ deltaX, deltaY, deltaMode, shiftKey }: WheelEvent): number | null {
  if (shiftKey) return pixelsOf(deltaY + deltaX, deltaMode);
  return Math.abs(deltaX) > Math.abs(deltaY) ? pixelsOf(deltaX, deltaMode) : null;
}
