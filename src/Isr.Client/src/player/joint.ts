import type { Deck } from './deck';
import type { Following } from './following';

/** A deck is started so long before it is to be heard, in seconds; a delay line holds it back exactly until then. */
export const early = 0.6;
/** Without a delay line it is started so long before, which is how long elements take to start. */
const usualLatency = 0.02;
/** Where the same recording goes on, both decks hold that much of it, in seconds of the recording: nothing depends on where exactly the first one ends. */
const overlap = 0.4;
/** Before it starts the second one, it looks for so long how the first one moves, in seconds. */
const before = 0.3;
const lookEvery = 15;
const enoughMeasured = 15;
/** What is measured is set at the latest so long before it is heard, in seconds. */
const latest = 0.06;

/**
 * The place where one deck takes over from the other. How long an element takes to start is nobody's to know, so it is started too early, into
 * a delay, and measured: how far it has come and how far the other one still has to go give the delay with which it is heard exactly in its place.
 */
export class Joint {
  readonly from: Deck;
  readonly to: Deck;
  readonly what: Following;
  /** Seconds of the first deck's recording at which the second one takes over. */
  readonly at: number;
  /** When, by the clock in milliseconds, the first one's place is heard, and the second one began: as it was seen again and again. */
  readonly #heard: number[] = [];
  readonly #began: number[] = [];
  #settled = false;

  constructor(from: Deck, to: Deck, what: Following) {
    this.from = from;
    this.to = to;
    this.what = what;
    this.at = what.again ? Math.max(0, from.known - overlap) : from.known;
  }

  /** Where the second deck is to begin, in seconds of its recording. */
  get cue(): number {
    return this.what.again ? this.at : Math.max(0, this.what.at - this.what.track.from) / 1000;
  }

  /** Brings it on its way; answers in how many milliseconds it is to be looked at again, and 0 when it is done. To be called once the second deck is ready. */
  advance(now: number, speed: number): number {
    const { from, to } = this;
    const left = this.#left(now, speed);
    if (!to.running) {
      const wait = left - (to.delays ? early : usualLatency);
      if (wait > before) return (wait - before) * 1000;
      if (wait > 0) return Math.min(lookEvery, wait * 1000);
      this.#start(speed);
      return lookEvery;
    }
    if (to.delays && !this.#settled) this.#settle(left, now, speed);
    if (left > 0) return Math.max(1, this.#settled ? left * 1000 : Math.min(lookEvery, left * 1000));
    // It comes too late: it is heard as soon as it does.
    if (!this.#settled) this.#hear(0, 0);
    from.stop();
    return 0;
  }

  /** Somebody changed the speed: what was seen before says nothing any more. */
  forget(): void {
    this.#heard.length = 0;
    if (!this.#settled) this.#began.length = 0;
  }

  /** Seconds until the first deck's place is heard. Once that one has stopped at its end, the clock tells. */
  #left(now: number, speed: number): number {
    const { from } = this;
    if (from.running && !from.audio.ended && !from.audio.paused) {
      this.#heard.push(now + ((this.at - from.time(now)) / speed + from.delay) * 1000);
      if (this.#heard.length > 2 * enoughMeasured) this.#heard.shift();
    } else if (this.#heard.length === 0) this.#heard.push(now);
    return (middle(this.#heard) - now) / 1000;
  }

  #start(speed: number): void {
    const { to } = this;
    // Long enough that nothing comes out before it was measured.
    to.delayBy(1.5 * early);
    if (!to.delays) to.fade(1);
    void to.start(speed).catch(() => {
      // The deck tells why it does not sound; a start that was cut short by a stop is none.
    });
  }

  #settle(left: number, now: number, speed: number): void {
    const { to } = this;
    const come = (to.time(now) - to.cue) / speed;
    if (come > 0) this.#began.push(now - come * 1000);
    if (this.#began.length > 0 && (this.#began.length >= enoughMeasured || left < latest)) this.#hear((middle(this.#heard) - middle(this.#began)) / 1000, Math.max(0, left));
  }

  #hear(delay: number, left: number): void {
    this.#settled = true;
    this.to.delayBy(delay);
    if (!this.what.again) {
      // Before its first sample there is nothing to be heard of it, nor of the other after its last.
      this.to.fade(1);
      return;
    }
    this.to.fade(1, left);
    this.from.fade(0, left);
  }
}

/** The median: now and then the browser tells something quite different. */
function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
