import type { LevelReading } from '../api/types';
import { Held } from './held';
import { stale } from './levels';

/** By source, those heard of within the last second; one map, which changes. */
export type Levels = ReadonlyMap<string, Held>;

/** Keeps the newest levels of all sources, and forgets those that no longer come. What was too loud is not forgotten before it was seen. */
export class LevelBoard {
  readonly levels = new Map<string, Held>();
  readonly #all = new Map<string, Held>();

  take(readings: readonly LevelReading[], now: number): void {
    for (const reading of readings) {
      let held = this.#all.get(reading.source);
      if (held === undefined) this.#all.set(reading.source, (held = new Held()));
      held.take(reading, now);
      this.levels.set(reading.source, held);
    }
    this.forget(now);
  }

  forget(now: number): void {
    for (const [source, { at }] of this.levels) if (now - at > stale) this.levels.delete(source);
  }
}
