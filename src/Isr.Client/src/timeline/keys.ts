import { lengthOf, type Span } from '../time/span';

/** Where a key takes a lane's cursor; null for a key that is none of its own. */
export function moveFor(key: string, fine: boolean, at: number, span: Span): number | null {
  const small = lengthOf(span) / (fine ? 1000 : 100);
  const large = lengthOf(span) / 10;
  const moves: Readonly<Record<string, number>> = {
    ArrowRight: at + small,
    ArrowUp: at + small,
    ArrowLeft: at - small,
    ArrowDown: at - small,
    PageUp: at + large,
    PageDown: at - large,
    Home: span.from,
    End: span.to,
  };
  const to = moves[key];
  return to === undefined ? null : Math.min(span.to, Math.max(span.from, to));
}
