/** What the player needs of an audio element. */
export type Audible = Pick<
  HTMLAudioElement,
  'src' | 'currentTime' | 'duration' | 'ended' | 'paused' | 'seeking' | 'readyState' | 'playbackRate' | 'preservesPitch' | 'preload' | 'load' | 'play' | 'pause' | 'removeAttribute' | 'addEventListener'
>;

/** Where elements become sound. */
export interface Sound {
  /** Whether `delay` does something. */
  readonly delays: boolean;
  element(deck: number): Audible;
  /** Called at what a person does: before that, browsers let nothing sound. */
  wake(): void;
  /** So many seconds pass between an element and the ear. */
  delay(deck: number, seconds: number): void;
  /** In or out, after so many seconds, in a few milliseconds. */
  fade(deck: number, level: 0 | 1, after?: number): void;
  gain(decibels: number): void;
  /** Hz; 0 is off. */
  highPass(corner: number): void;
}

export const longestDelay = 2;

const fadeSeconds = 0.004;
const glide = 0.015;
/** Two of second order make a Butterworth filter of the fourth: 24 dB an octave. Web Audio wants their Q in decibels. */
const butterworth = [0.541_196_1, 1.306_563].map((q) => 20 * Math.log10(q));
const limit = { threshold: -3, ratio: 20, knee: 0, attack: 0.002, release: 0.1 };
/** Browsers make up for the compression by this (Web Audio, “computing the makeup gain”); below the threshold nothing is to change. */
const makeUp = -0.6 * (limit.threshold - limit.threshold / limit.ratio);

/** The player's two elements and that of what is heard live, through one graph: delay and fade of each, then high-pass, gain and limiter. Plain elements where Web Audio is not there. */
export class WebSound implements Sound {
  readonly delays = 'AudioContext' in window;
  readonly #elements = [new Audio(), new Audio(), new Audio()] as const;
  #graph: Graph | null = null;
  #gain = 0;
  #highPass = 0;

  element(deck: number): HTMLAudioElement {
    return this.#elements[deck]!;
  }

  /** Seconds from an element to the ear, as far as the browser tells. */
  get latency(): number {
    const { baseLatency = 0, outputLatency = 0 } = this.#graph?.context ?? {};
    return baseLatency + outputLatency;
  }

  wake(): void {
    if (!this.delays) return;
    if (this.#graph === null) {
      this.#graph = new Graph(this.#elements);
      this.#graph.gain(this.#gain);
      this.#graph.highPass(this.#highPass);
    }
    void this.#graph.context.resume();
  }

  delay(deck: number, seconds: number): void {
    this.#graph?.delay(deck, seconds);
  }

  fade(deck: number, level: 0 | 1, after = 0): void {
    this.#graph?.fade(deck, level, after);
  }

  gain(decibels: number): void {
    this.#gain = decibels;
    this.#graph?.gain(decibels);
  }

  highPass(corner: number): void {
    this.#highPass = corner;
    this.#graph?.highPass(corner);
  }
}

class Graph {
  readonly context = new AudioContext({ latencyHint: 'interactive' });
  readonly #decks: { delay: DelayNode; fade: GainNode }[];
  readonly #filters: BiquadFilterNode[];
  readonly #filtered: GainNode;
  readonly #plain: GainNode;
  readonly #gain: GainNode;

  constructor(elements: readonly HTMLAudioElement[]) {
    const { context } = this;
    this.#filters = butterworth.map((Q) => new BiquadFilterNode(context, { type: 'highpass', frequency: 10, Q }));
    this.#filtered = new GainNode(context, { gain: 0 });
    this.#plain = new GainNode(context);
    this.#gain = new GainNode(context);
    const [first, second] = this.#filters as [BiquadFilterNode, BiquadFilterNode];
    first.connect(second).connect(this.#filtered).connect(this.#gain);
    this.#plain.connect(this.#gain);
    const limiter = new DynamicsCompressorNode(context, limit);
    this.#gain.connect(limiter).connect(new GainNode(context, { gain: ratioOf(-makeUp) })).connect(context.destination);
    this.#decks = elements.map((element) => {
      const delay = new DelayNode(context, { maxDelayTime: longestDelay, delayTime: 0 });
      const fade = new GainNode(context, { gain: 0 });
      context.createMediaElementSource(element).connect(delay).connect(fade);
      fade.connect(first);
      fade.connect(this.#plain);
      return { delay, fade };
    });
  }

  delay(deck: number, seconds: number): void {
    const { delayTime } = this.#decks[deck]!.delay;
    delayTime.cancelScheduledValues(0);
    delayTime.setValueAtTime(Math.min(longestDelay, Math.max(0, seconds)), this.context.currentTime);
  }

  fade(deck: number, level: 0 | 1, after: number): void {
    const { gain } = this.#decks[deck]!.fade;
    const begin = this.context.currentTime + after;
    gain.cancelScheduledValues(0);
    // Of equal power: the one that goes and the one that comes together are as loud as one.
    gain.setTargetAtTime(level, begin, fadeSeconds / 3);
  }

  gain(decibels: number): void {
    this.#gain.gain.setTargetAtTime(ratioOf(decibels), this.context.currentTime, glide);
  }

  highPass(corner: number): void {
    const now = this.context.currentTime;
    this.#plain.gain.setTargetAtTime(corner === 0 ? 1 : 0, now, glide);
    this.#filtered.gain.setTargetAtTime(corner === 0 ? 0 : 1, now, glide);
    if (corner > 0) for (const { frequency } of this.#filters) frequency.setTargetAtTime(corner, now, glide);
  }
}

function ratioOf(decibels: number): number {
  return 10 ** (decibels / 20);
}
