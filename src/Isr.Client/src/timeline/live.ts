import { useEffect } from 'preact/hooks';
import type { Desk } from '../desk';
import { Store } from '../store';
import { lengthOf } from '../time/span';

/** Counts when what moves is to be drawn anew, and when what grows is. */
export class Pulse {
  readonly moved = new Store(0);
  readonly grown = new Store(0);
}

/** Growth is drawn no more often: so often it is told. */
const mostOften = 100;
const leastOften = 1000;

/** Beats while the page is seen and something moves on the lanes: as often as that is a pixel, at least once a second. */
export function usePulse({ place, player, feed }: Desk, pulse: Pulse, width: () => number): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let frame = 0;
    let grew = 0;
    const beat = () => {
      frame = 0;
      pulse.moved.set(pulse.moved.value + 1);
      const now = performance.now();
      if (holdsNow() && now - grew >= Math.min(leastOften, Math.max(mostOften, pixel())) * 0.9) {
        grew = now;
        pulse.grown.set(pulse.grown.value + 1);
      }
      plan();
    };
    const pixel = () => lengthOf(place.value.span) / Math.max(1, width());
    const holdsNow = () => {
      const { span } = place.value;
      const now = feed.now();
      // What is heard of a stream was some time ago; its levels still come when now itself is past the edge.
      return span.from < now && span.to > now - 60_000;
    };
    const plan = () => {
      clearTimeout(timer);
      const { playing, speed } = player.state.value;
      if (document.hidden || frame !== 0 || !(playing || holdsNow())) return;
      const wait = Math.min(leastOften, pixel() / (playing ? Math.max(1, speed) : 1));
      if (wait < 34) frame = requestAnimationFrame(beat);
      else timer = setTimeout(() => (frame = requestAnimationFrame(beat)), wait);
    };
    const leave = [place.subscribe(plan), player.state.subscribe(plan)];
    document.addEventListener('visibilitychange', plan);
    plan();
    return () => {
      for (const off of leave) off();
      document.removeEventListener('visibilitychange', plan);
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [place, player, feed, pulse, width]);
}
