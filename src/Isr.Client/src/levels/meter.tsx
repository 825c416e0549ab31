import { useEffect, useState } from 'preact/hooks';
import type { Store } from '../store';
import { type Levels, floor, level, spoken } from './levels';

/** Where movement is not wanted, the meter steps once a second. */
const calmly = 1000;

/** How loud a source is now. It keeps its place while there is nothing to show. */
export function Meter({ source, levels }: { source: string; levels: Store<Levels> }) {
  const reading = useReading(source, levels);
  if (reading === null) return <span class="meter" aria-hidden="true" />;
  const peak = Math.max(...reading.peak.map(level));
  return (
    <span
      class={`meter${reading.clipped > 0 ? ' clipped' : ''}`}
      role="meter"
      aria-label={`Level of ${source}`}
      aria-valuemin={floor}
      aria-valuemax={0}
      aria-valuenow={Math.round(level(reading.rms))}
      aria-valuetext={spoken(reading)}
    >
      <span class="rms" style={{ transform: `scaleX(${share(level(reading.rms))})` }} />
      <span class="peak" style={{ transform: `translateX(${100 * share(peak)}%)` }} />
    </span>
  );
}

function share(decibels: number): number {
  return (decibels - floor) / -floor;
}

function useReading(source: string, levels: Store<Levels>) {
  const [reading, setReading] = useState(() => levels.value.get(source) ?? null);
  useEffect(() => {
    const calm = matchMedia('(prefers-reduced-motion: reduce)');
    let drawn = 0;
    const update = () => {
      const next = levels.value.get(source) ?? null;
      const now = performance.now();
      if (next !== null && calm.matches && now - drawn < calmly) return;
      drawn = now;
      setReading(next);
    };
    update();
    return levels.subscribe(update);
  }, [source, levels]);
  return reading;
}
