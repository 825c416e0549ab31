import { useEffect, useRef, useState } from 'preact/hooks';
import type { Store } from '../store';
import type { Levels } from './board';
import type { Held } from './held';
import { floor, level, share, spoken } from './levels';

/** Where movement is not wanted, the meter steps once a second. */
const calmly = 1000;
/** What is read aloud changes so often at most. */
const spokenEvery = 1000;

/** How loud a source is now, each channel for itself. It keeps its place while there is nothing to show. */
export function Meter({ source, levels }: { source: string; levels: Store<Levels> }) {
  const element = useRef<HTMLSpanElement>(null);
  const { channels, isClipped } = useLevels(source, levels, element);
  if (channels === 0) return <span class="meter" aria-hidden="true" />;
  const held = levels.value.get(source);
  return (
    <span
      ref={element}
      class="meter"
      role="meter"
      aria-label={`Level of ${source}`}
      aria-valuemin={floor}
      aria-valuemax={0}
      aria-valuenow={Math.round(level(held?.rms ?? null))}
      aria-valuetext={spoken({ rms: held?.rms ?? null }, isClipped)}
    >
      {Array.from({ length: channels }, (_, i) => (
        <span key={i} class="channel">
          <span class="now" />
          <span class="rms" />
          <span class="hold" />
        </span>
      ))}
      {isClipped && <span class="clip">too loud</span>}
    </span>
  );
}

/** Draws what moves by itself; the component is drawn anew when there is more or less to show, and for what is read aloud. */
function useLevels(source: string, levels: Store<Levels>, element: { current: HTMLSpanElement | null }) {
  const [shown, setShown] = useState({ channels: levels.value.get(source)?.channels ?? 0, isClipped: false, turn: 0 });
  useEffect(() => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    let [drawn, said] = [-Infinity, -Infinity];
    const update = () => {
      const held = levels.value.get(source);
      const now = performance.now();
      if (held === undefined) {
        setShown((old) => (old.channels === 0 ? old : { channels: 0, isClipped: false, turn: 0 }));
        return;
      }
      held.seen(now);
      if (calm.matches && now - drawn < calmly) return;
      drawn = now;
      if (element.current !== null) draw(element.current, held);
      const isClipped = held.isClipped(now);
      const turn = now - said < spokenEvery ? null : (said = now);
      setShown((old) => (old.channels === held.channels && old.isClipped === isClipped && turn === null ? old : { channels: held.channels, isClipped, turn: turn ?? old.turn }));
    };
    update();
    return levels.subscribe(update);
  }, [source, levels, element]);
  return shown;
}

function draw(meter: HTMLElement, { channels, rms, peaks, held }: Held): void {
  const loudness = `scaleX(${share(level(rms)).toFixed(3)})`;
  for (let i = 0; i < channels; i++) {
    const channel = meter.children[i];
    if (!(channel instanceof HTMLElement) || channel.className !== 'channel') return;
    const [now, mean, hold] = channel.children as unknown as [HTMLElement, HTMLElement, HTMLElement];
    now.style.transform = `scaleX(${share(peaks[i]!).toFixed(3)})`;
    mean.style.transform = loudness;
    hold.style.transform = `translateX(${(100 * share(held[i]!)).toFixed(1)}%)`;
  }
}
