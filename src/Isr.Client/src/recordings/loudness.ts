import type { Columns } from '../levels/tiles';

/** What is quieter has no height, in dB of full scale. */
const quietest = -66;

/** How high it is drawn, from 0 to 1, by the loudness that is heard. */
export function shareOfScale(value: number): number {
  return Math.min(1, Math.max(0, 1 - (20 * Math.log10(Math.max(value, 1e-6))) / quietest));
}

/** Takes into `of` what is louder in `other`: the level, and as `max` the peak. What nothing is known of stays NaN. */
export function louder(of: Columns, other: Columns): void {
  for (let i = 0; i < of.rms.length; i++) {
    const [rms, peak] = [other.rms[i]!, Math.max(-other.min[i]!, other.max[i]!)];
    if (!(of.rms[i]! >= rms) && !Number.isNaN(rms)) of.rms[i] = rms;
    if (!(of.max[i]! >= peak) && !Number.isNaN(peak)) of.max[i] = peak;
  }
}
