/** What part of loudness the colours show, in decibels of full scale. */
export interface Range {
  readonly floor: number;
  readonly ceiling: number;
}

export const usualRange: Range = { floor: -90, ceiling: -30 };
export const lowest = -120;
const step = 5;
const narrowest = 55;
const widest = 80;

/** Noise is seen as noise, and the loudest thousandth is as bright as can be; counted are the bytes of what is shown. */
export function rangeOf(counts: ArrayLike<number>): Range {
  const loud = Math.min(0, Math.ceil(percentile(counts, 0.999) / step) * step);
  const floor = Math.min(-narrowest, Math.max(lowest, loud - widest, Math.floor(percentile(counts, 0.45) / step - 1) * step));
  return { floor, ceiling: Math.max(loud, floor + narrowest) };
}

/** The range stays while it is not far off: colours that change with each picture say nothing. */
export function settled(before: Range | null, now: Range): Range {
  return before !== null && Math.abs(before.floor - now.floor) <= step && Math.abs(before.ceiling - now.ceiling) <= 2 * step ? before : now;
}

function percentile(counts: ArrayLike<number>, share: number): number {
  let all = 0;
  for (let i = 0; i < counts.length; i++) all += counts[i]!;
  let seen = 0;
  for (let i = 0; i < counts.length; i++) {
    seen += counts[i]!;
    if (seen > all * share) return (i - 255) / 2;
  }
  return 0;
}
