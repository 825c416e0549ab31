import { Store } from '../store';
import { lowest, type Range, usualRange } from './range';

/** How somebody wants to see spectrograms. */
export interface Look {
  /** Hz on top; null for all there is. */
  readonly top: number | null;
  /** Decibels that colours show; null: as fits what is shown. */
  readonly range: Range | null;
}

export const tops = [4000, 8000, 12_000] as const;

const kept = 'spectrogram';

/** Kept in this browser. */
export class LookStore extends Store<Look> {
  /** What fits what is shown; null before anything was. */
  readonly fitting = new Store<Range | null>(null);

  constructor() {
    super(readLook(localStorage.getItem(kept)));
    this.subscribe(() => localStorage.setItem(kept, JSON.stringify(this.value)));
  }

  get range(): Range {
    return this.value.range ?? this.fitting.value ?? usualRange;
  }
}

/** What was kept, as far as it makes sense. */
export function readLook(text: string | null): Look {
  let said: Partial<Look> | null = null;
  try {
    said = JSON.parse(text ?? 'null') as Partial<Look> | null;
  } catch {
    // Kept by something else; as if nothing were.
  }
  const { floor, ceiling } = said?.range ?? { floor: NaN, ceiling: NaN };
  return {
    top: tops.find((top) => top === said?.top) ?? null,
    range: floor >= lowest && ceiling <= 0 && ceiling - floor >= narrowestByHand ? { floor, ceiling } : null,
  };
}

/** Decibels between floor and ceiling at least, where somebody sets them. */
export const narrowestByHand = 10;

/** With one end moved; the other gives way. */
export function withEnd({ floor, ceiling }: Range, end: keyof Range, to: number): Range {
  return end === 'floor'
    ? { floor: Math.min(to, -narrowestByHand), ceiling: Math.max(ceiling, Math.min(0, to + narrowestByHand)) }
    : { floor: Math.min(floor, Math.max(lowest, to - narrowestByHand)), ceiling: Math.max(to, lowest + narrowestByHand) };
}
