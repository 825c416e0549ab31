import { readTime } from '../page/goto';
import { lengthOf, type Span } from '../time/span';
import { addDays, second, type Zone } from '../time/zone';

export type Edge = 'from' | 'to';

/** Nothing shorter is cut. */
export const shortestCut = 10;

/** Where an edge that is moved comes to lie: not beyond the other. */
export function withEdge(cut: Span, edge: Edge, to: number): Span {
  const at = Math.round(to);
  return edge === 'from' ? { from: Math.min(at, cut.to - shortestCut), to: cut.to } : { from: cut.from, to: Math.max(at, cut.from + shortestCut) };
}

/** Between two moments, whichever is first; as exact as one sees at that zoom. */
export function between(a: number, b: number, stretch: Span): Span | null {
  const [from, to] = [seen(Math.min(a, b), stretch), seen(Math.max(a, b), stretch)];
  return to - from < shortestCut ? null : { from, to };
}

/** Rounded to what one sees: a hundredth of a second, or a thousandth when zoomed in. */
export function seen(at: number, stretch: Span): number {
  const step = lengthOf(stretch) < 2 * second ? 1 : 10;
  return Math.round(at / step) * step;
}

/** Decimals that say it whole, at least one. */
export function decimalsOf(at: number): 1 | 2 | 3 {
  const rest = Math.abs(Math.round(at)) % second;
  return rest % 100 === 0 ? 1 : rest % 10 === 0 ? 2 : 3;
}

export function edgeText(zone: Zone, at: number): string {
  return zone.exactClock(at, decimalsOf(at));
}

/**
 * Reads a clock time as the page writes it: the one nearest to `near`, so that it may be past midnight, and in an hour that comes
 * twice the one whose offset is written behind it. A date may stand before it. Null for what is no time.
 */
export function readEdge(text: string, zone: Zone, near: number, now: number): number | null {
  const [, clock = '', offset] = /^(.*?)(?:\s+([+-]\d\d:\d\d))?$/.exec(text.trim()) ?? [];
  const found: number[] = [];
  for (const days of [-1, 0, 1]) {
    for (const which of ['', ' again']) {
      const at = readTime(clock + which, zone, addDays(zone.date(near), days), now);
      if (at !== null && !at.day && (offset === undefined || zone.offsetText(at.at) === offset)) found.push(at.at);
    }
  }
  return found.toSorted((a, b) => Math.abs(a - near) - Math.abs(b - near))[0] ?? null;
}

/** The cut with that edge there; a start that is behind the end takes the end with it. Null for an end that is not behind the start. */
export function placedEdge(cut: Span | null, stretch: Span, edge: Edge, at: number): Span | null {
  if (edge === 'to') {
    const from = cut?.from ?? Math.round(Math.min(stretch.from, at - second));
    return at - from >= shortestCut ? { from, to: at } : null;
  }
  if (cut === null) return { from: at, to: Math.round(Math.max(stretch.to, at + second)) };
  return { from: at, to: cut.to - at >= shortestCut ? cut.to : at + lengthOf(cut) };
}
