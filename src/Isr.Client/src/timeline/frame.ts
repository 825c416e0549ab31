import { createContext } from 'preact';
import { useContext, useEffect } from 'preact/hooks';
import { Store } from '../store';
import { type Span, type Tick, ticks } from '../time/span';
import type { Zone } from '../time/zone';
import { EnvelopePainter } from './envelope';
import { Pulse } from './live';
import { BarPainter } from './paint';

/** What the pointer is over; the same moment on all lanes. */
export interface Hovered {
  readonly at: number;
  readonly x: number;
  /** Null over the ruler. */
  readonly source: string | null;
  /** What is there, where that is more than a time. */
  readonly words: string;
}

/** What lanes and ruler share without being rendered anew. */
export class Frame {
  readonly hovered = new Store<Hovered | null>(null);
  readonly pulse = new Pulse();
  readonly envelope = new EnvelopePainter();
  readonly bars = new BarPainter();
  /** CSS pixels of a lane. */
  width = 1;
  #marks: { span: Span; width: number; found: Tick[] } | null = null;

  /** The same for all lanes of a frame. */
  marks(span: Span, width: number, zone: Zone): readonly Tick[] {
    if (this.#marks?.span !== span || this.#marks.width !== width) this.#marks = { span, width, found: ticks(span, width, zone) };
    return this.#marks.found;
  }
}

export const FrameContext = createContext(new Frame());

export function useFrame(): Frame {
  return useContext(FrameContext);
}

/** Calls whenever one of the stores changes; nothing is rendered. `stores` are always as many and the same. */
export function useDrawn(stores: readonly { subscribe: (listener: () => void) => () => void }[], draw: () => void): void {
  useEffect(() => {
    const leave = stores.map((store) => store.subscribe(draw));
    return () => {
      for (const off of leave) off();
    };
  }, stores);
}
