import type { Line, Tell, Told } from './line';

/** Every so often a tab says that it is seen, in milliseconds. */
export const beat = 15_000;
/** One that has said nothing for so long has died. */
const patience = 3 * beat;

/** From a tab: it is seen, or no longer. */
export type Said = 'seen' | 'gone';
/** To a tab: what the server told, or that this hub is alive. */
export type Passed = readonly [type: Told | 'here', data: string];

export interface Tab {
  pass(message: Passed): void;
}

/** One line for all tabs of a browser, open while any of them is seen. */
export class Hub {
  readonly #open: (tell: Tell) => Line;
  readonly #now: () => number;
  /** Those that are seen, and when they said so. */
  readonly #tabs = new Map<Tab, number>();
  #line: Line | null = null;
  #sweep: ReturnType<typeof setInterval> | undefined;

  constructor(open: (tell: Tell) => Line, now: () => number = () => performance.now()) {
    this.#open = open;
    this.#now = now;
  }

  hear(tab: Tab, what: Said): void {
    if (what === 'seen') this.#seen(tab);
    else this.#gone(tab);
  }

  #seen(tab: Tab): void {
    const isNew = !this.#tabs.has(tab);
    this.#tabs.set(tab, this.#now());
    tab.pass(['here', '']);
    if (this.#line === null) {
      this.#line = this.#open((type, data) => {
        for (const each of this.#tabs.keys()) each.pass([type, data]);
      });
      this.#sweep = setInterval(() => this.#forget(), beat);
    } else if (isNew && this.#line.isOpen) tab.pass(['open', '']);
    else this.#line.check();
  }

  #forget(): void {
    const now = this.#now();
    for (const [tab, at] of this.#tabs) if (now - at > patience) this.#gone(tab);
  }

  #gone(tab: Tab): void {
    if (!this.#tabs.delete(tab) || this.#tabs.size > 0) return;
    this.#line?.close();
    this.#line = null;
    clearInterval(this.#sweep);
  }
}
