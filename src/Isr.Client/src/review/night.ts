import type { Desk } from '../desk';
import type { Limit } from '../player/player';
import { Store } from '../store';
import { second } from '../time/zone';
import type { Entry } from './entry';
import { keyOf, spanOf } from './order';

/** Heard before and after each. */
export const room = 2 * second;

export interface NightState {
  readonly list: readonly Entry[];
  /** Which of them plays; as many as there are when all were heard. */
  readonly index: number;
  readonly heard: readonly Entry[];
  readonly playing: boolean;
}

type Parts = Pick<Desk, 'player'>;

/** Plays what stands out, one after the other, each with a little before and after it. Who plays something else has stopped it. */
export class Night {
  /** Null when nothing was played through, or that was put away. */
  readonly state = new Store<NightState | null>(null);
  readonly #player: Parts['player'];
  readonly #show: (entry: Entry) => void;
  #limit: Limit | null = null;

  /** @param show Leads the page to what is about to be heard. */
  constructor({ player }: Parts, show: (entry: Entry) => void) {
    this.#player = player;
    this.#show = show;
    player.state.subscribe(() => {
      if (this.state.value?.playing === true && player.limit !== this.#limit) this.#leave();
    });
  }

  start(list: readonly Entry[]): void {
    if (list.length === 0) return;
    this.state.set({ list, index: 0, heard: [], playing: true });
    this.#play(0, null);
  }

  /** On to the next, or back to the one before. */
  step(by: 1 | -1): void {
    const { value } = this.state;
    if (value?.playing !== true) return;
    const next = value.index + by;
    if (next >= value.list.length) this.stop();
    else this.#play(Math.max(0, next), null);
  }

  stop(): void {
    if (this.state.value?.playing !== true) return;
    this.#leave();
    this.#player.pause();
  }

  /** Nothing is told of it any more. */
  putAway(): void {
    this.stop();
    this.state.set(null);
  }

  #play(index: number, from: Entry | null): void {
    const { value } = this.state;
    const entry = value?.list[index];
    if (value === null || entry === undefined) return;
    const { source } = entry.section;
    const span = spanOf(entry.section);
    this.#limit = { to: span.to + room, reached: () => this.#reached(entry) };
    this.state.set({ ...value, index });
    this.#show(entry);
    // Two that lie close together are heard in one go.
    const sounds = from !== null && from.section.source === source && this.#player.position() >= span.from - room && this.#player.position() <= span.to;
    if (sounds) this.#player.limit = this.#limit;
    else this.#player.play(source, span.from - room, this.#limit);
  }

  #reached(entry: Entry): void {
    const { value } = this.state;
    if (value === null) return;
    const heard = value.heard.some(({ section }) => keyOf(section) === keyOf(entry.section)) ? value.heard : [...value.heard, entry];
    this.state.set({ ...value, heard });
    if (value.index + 1 < value.list.length) this.#play(value.index + 1, entry);
    else {
      this.#limit = null;
      this.state.set({ ...value, heard, index: value.list.length, playing: false });
    }
  }

  #leave(): void {
    const { value } = this.state;
    this.#limit = null;
    if (value === null) return;
    this.state.set({ ...value, playing: false });
  }
}

/** Milliseconds that are still to be heard, of the one that plays as a whole. */
export function leftOf({ list, index }: NightState): number {
  return list.slice(index).reduce((sum, { section }) => sum + spanOf(section).to - spanOf(section).from + 2 * room, 0);
}
