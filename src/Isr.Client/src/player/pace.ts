/**
 * How near live sound is played to its end. What comes from a source comes in lumps, so that what lies ahead goes up and down: its least of
 * the last seconds is what counts. As long as that is more than is needed, it is played a little faster; where it is much more, it leaps.
 */

/** Nearer to the end browsers stop and wait: they decode that much ahead. Seconds. */
const least = 0.2;
const most = 4;
/** Each time that it stood still, so much more is kept. */
const more = 0.25;
/** After so long without standing still, a little less. */
const calm = 60;
const less = 0.05;
/** More than that ahead of what is needed, it leaps: to play it away would take minutes. */
const leap = 2;
const faster = 1.05;
const slower = 0.95;
/** Changes of pace begin so far from what is wanted and end where it is reached. */
const tolerance = 0.1;
/** Half of the time over which the least is taken, in seconds. */
const half = 2;

export type Step = { kind: 'rate'; rate: number } | { kind: 'leap'; by: number };

export class Pace {
  #safe = least;
  #rate = 1;
  /** The least of this half and the one before. */
  #now = Infinity;
  #before = Infinity;
  #turned = NaN;
  #stood = NaN;

  /** What should lie ahead at least. */
  get safe(): number {
    return this.#safe;
  }

  /** So much lies ahead, in seconds; to be told before more is added, and now and then. */
  see(ahead: number, now: number): void {
    if (!(now - this.#turned < half)) {
      [this.#before, this.#now, this.#turned] = [Number.isNaN(this.#turned) ? Infinity : this.#now, Infinity, now];
    }
    this.#now = Math.min(this.#now, ahead);
    if (Number.isNaN(this.#stood)) this.#stood = now;
    if (now - this.#stood < calm) return;
    this.#stood = now;
    this.#safe = Math.max(least, this.#safe - less);
  }

  /** It stood still for want of sound. */
  stood(now: number): void {
    this.#stood = now;
    this.#safe = Math.min(most, this.#safe + more);
    this.#forget();
  }

  /** What to do now. */
  next(): Step {
    // Until both halves are known, any lump may be followed by a larger one.
    const low = Math.min(this.#now, this.#before);
    if (this.#before === Infinity) return { kind: 'rate', rate: this.#rate };
    const over = low - this.#safe;
    if (over > leap) {
      this.#forget();
      return { kind: 'leap', by: over };
    }
    if (over > tolerance) this.#rate = faster;
    else if (over < -tolerance) this.#rate = slower;
    else if ((this.#rate > 1 && over <= 0) || (this.#rate < 1 && over >= 0)) this.#rate = 1;
    return { kind: 'rate', rate: this.#rate };
  }

  #forget(): void {
    [this.#now, this.#before, this.#turned, this.#rate] = [Infinity, Infinity, NaN, 1];
  }
}

/**
 * Where the newest sound is, as it was sent. All that came at its soonest tells: what comes later than that has waited on the way. Over the last
 * minute or so, as sources stand still and leap, and clocks differ.
 */
export class Edge {
  static readonly #half = 30;
  #now = -Infinity;
  #before = -Infinity;
  #turned = NaN;

  /** All up to there has come, in seconds of the sound, at that time in seconds. */
  see(end: number, now: number): void {
    if (!(now - this.#turned < Edge.#half)) [this.#before, this.#now, this.#turned] = [this.#now, -Infinity, now];
    this.#now = Math.max(this.#now, end - now);
  }

  /** How far a place is behind it, in seconds; null while nothing has come. */
  behind(at: number, now: number): number | null {
    const ahead = Math.max(this.#now, this.#before);
    return ahead === -Infinity ? null : Math.max(0, ahead + now - at);
  }
}
