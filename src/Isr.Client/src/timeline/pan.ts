import type { PlaceStore } from '../page/place';
import { lengthOf, longest, shortest, type Span } from '../time/span';

/** Movements within so many pixels are none: a click. */
export const still = 4;

/** Two fingers on what lay at these pixels are at those now: what was under them stays under them. */
export function pinched(span: Span, width: number, before: readonly [number, number], after: readonly [number, number]): Span {
  const apart = Math.max(8, Math.abs(before[1] - before[0]));
  const factor = apart / Math.max(8, Math.abs(after[1] - after[0]));
  const length = Math.min(longest, Math.max(shortest, lengthOf(span) * factor));
  const middle = span.from + ((before[0] + before[1]) / 2 / width) * lengthOf(span);
  const from = middle - ((after[0] + after[1]) / 2 / width) * length;
  return { from, to: from + length };
}

/** Moves the span at most once a frame: the first change of a frame at once, of those that follow only the last. */
export class SpanMover {
  readonly #place: PlaceStore;
  #waiting: Span | null = null;
  #frame = 0;

  constructor(place: PlaceStore) {
    this.#place = place;
  }

  /** What will be shown by the next frame. */
  get span(): Span {
    return this.#waiting ?? this.#place.value.span;
  }

  to(span: Span): void {
    if (this.#frame !== 0) {
      this.#waiting = span;
      return;
    }
    this.#place.patch({ span });
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const waiting = this.#waiting;
      this.#waiting = null;
      if (waiting !== null) this.to(waiting);
    });
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#waiting = null;
  }
}
