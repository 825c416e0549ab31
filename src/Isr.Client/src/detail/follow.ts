import { lengthOf, type Span } from '../time/span';
import { second } from '../time/zone';

/** Shorter stretches would turn their pages faster than one can look. */
const shortestPage = second;
const room = 0.04;

/** The page that shows that moment: the same while it does, else the next one, with a little of what was before. */
export function page(stretch: Span, at: number): Span {
  const length = lengthOf(stretch);
  if (length < shortestPage || (at >= stretch.from && at < stretch.to - length * room * 0.5)) return stretch;
  const from = at - length * room;
  return { from, to: from + length };
}
