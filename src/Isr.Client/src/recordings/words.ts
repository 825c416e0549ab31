import { bytes, duration, plural } from '../format';
import type { Sums } from './selection';

/** `3 h 20 min`, `19 min`, `40 s`. */
export function lengthInWords(seconds: number): string {
  const whole = Math.round(Math.max(0, seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Nothing where less than a second is missing. */
export function missingInWords(seconds: number | null): string {
  return seconds === null || seconds < 1 ? '' : `${lengthInWords(seconds)} missing`;
}

export function filesInWords(count: number): string {
  return count === 0 ? 'no files' : plural(count, 'file');
}

/** The name without the source's folder, where the source is shown beside it. */
export function shortName(name: string, source: string): string {
  return source !== '' && name.startsWith(`${source}/`) ? name.slice(source.length + 1) : name;
}

/** `3:04:00 h, 1.2 GB`. */
export function sumsInWords({ seconds, bytes: size }: Sums): string {
  return `${duration(Math.round(seconds))} h, ${bytes(size)}`;
}
