import { streamUrl } from '../api/client';
import type { Track } from '../archive/tracks';
import { second } from '../time/zone';
import { aheadOnceSought, type LeadIn, leadIn, noLeadIn } from './leadin';
import { type Audible, longestDelay, type Sound } from './sound';

/** `opening` until its length is known, `cueing` until it could sound at once. */
type Phase = 'empty' | 'opening' | 'cueing' | 'ready';

const haveFutureData = 3;
let opened = 0;

export interface DeckEvents {
  /** The length is known; answers where to stand, in seconds, or null to close again. */
  known(deck: Deck): number | null;
  ready(deck: Deck): void;
  ended(deck: Deck): void;
  failed(deck: Deck): void;
  /** Stands still though it should move. */
  stuck(deck: Deck): void;
  /** Stopped or started by the browser. */
  stopped(deck: Deck): void;
  moved(deck: Deck): void;
}

/** One of two audio elements, with the recording that is on it. */
export class Deck {
  readonly number: number;
  readonly audio: Audible;
  readonly #sound: Sound;
  #phase: Phase = 'empty';
  #delay = 0;
  #running = false;
  #cue = 0;
  #seen = -1;
  #seenAt = 0;
  #endedAt = 0;
  #leadIn: LeadIn = noLeadIn;
  #leadInAsked: Promise<LeadIn> | null = null;
  /** Seconds that the element's clock is ahead of what it plays. */
  #ahead = 0;
  #opened = 0;
  track: Track | null = null;
  /** The recording was still growing when it was opened. */
  growing = false;

  constructor(number: number, sound: Sound, events: DeckEvents) {
    this.number = number;
    this.#sound = sound;
    this.audio = sound.element(number);
    this.audio.preload = 'auto';
    const { audio } = this;
    audio.addEventListener('loadedmetadata', () => this.#known(events));
    for (const name of ['canplay', 'seeked']) audio.addEventListener(name, () => this.#ready(events));
    const whileReady = (name: string, tell: (deck: Deck) => void) => audio.addEventListener(name, () => this.#phase === 'ready' && tell(this));
    whileReady('ended', events.ended);
    whileReady('waiting', events.stuck);
    whileReady('stalled', events.stuck);
    whileReady('timeupdate', events.moved);
    whileReady('pause', (deck) => {
      // It tells late: started again since then, it goes on.
      if (!this.#running || !audio.paused || audio.ended) return;
      this.#running = false;
      events.stopped(deck);
    });
    audio.addEventListener('error', () => this.#phase !== 'empty' && events.failed(this));
  }

  get phase(): Phase {
    return this.#phase;
  }

  get delays(): boolean {
    return this.#sound.delays;
  }

  get delay(): number {
    return this.#delay;
  }

  /** It was told to sound. */
  get running(): boolean {
    return this.#running;
  }

  /** Where it began to sound, in seconds of the recording. */
  get cue(): number {
    return this.#cue;
  }

  /** Where the recording ends as far as it is known here, in seconds; of a finished one its samples tell. */
  get known(): number {
    const { track, audio } = this;
    return track === null || this.growing || track.to <= track.from ? audio.duration : (track.to - track.from) / second;
  }

  open(track: Track): void {
    this.close();
    this.track = track;
    this.growing = track.recording.recording;
    this.#phase = 'opening';
    // A new address each time, so that no older, shorter answer is played.
    this.#opened = ++opened;
    [this.#ahead, this.#leadIn] = [0, noLeadIn];
    this.audio.src = streamUrl(track.recording.name, this.growing ? opened : null);
    this.audio.load();
    this.#leadInAsked = leadIn(track.recording);
    // Whether it came is asked once the length is known.
    void this.#leadInAsked?.catch(() => {});
  }

  close(): void {
    this.stop();
    if (this.#phase === 'empty') return;
    this.#phase = 'empty';
    this.track = null;
    this.audio.removeAttribute('src');
    this.audio.load();
  }

  /** Stands there, to sound from there. */
  stand(seconds: number): void {
    this.delayBy(0);
    this.#seen = -1;
    this.#endedAt = 0;
    const { audio } = this;
    // So near the beginning nothing can be sought.
    const near = seconds < 2 * this.#leadIn.dropped;
    this.#cue = near ? 0 : seconds;
    this.#ahead = near || seconds === 0 ? 0 : aheadOnceSought(this.#leadIn, seconds / this.known);
    const to = this.#cue + this.#ahead;
    if (audio.currentTime !== to) audio.currentTime = to;
  }

  /** Sounds from where it stands. */
  start(speed: number): Promise<void> {
    this.#running = true;
    this.speed(speed);
    return this.audio.play();
  }

  stop(): void {
    this.#running = false;
    this.#sound.fade(this.number, 0);
    this.audio.pause();
  }

  speed(speed: number): void {
    this.audio.preservesPitch = true;
    if (this.audio.playbackRate !== speed) this.audio.playbackRate = speed;
  }

  delayBy(seconds: number): void {
    this.#delay = this.#sound.delays ? Math.min(longestDelay, Math.max(0, seconds)) : 0;
    this.#sound.delay(this.number, this.#delay);
  }

  fade(level: 0 | 1, after = 0): void {
    this.#sound.fade(this.number, level, after);
  }

  /** Where the element is, in seconds. Browsers that tell it seldom are helped by the clock, in milliseconds. */
  time(now: number): number {
    const { audio } = this;
    const told = audio.ended ? this.known : audio.currentTime - this.#ahead;
    if (told !== this.#seen || !this.#running || audio.ended || audio.seeking || audio.readyState < haveFutureData) {
      this.#seen = told;
      this.#seenAt = now;
      return told;
    }
    // Not before it has begun to move.
    return told === this.#cue ? told : told + (Math.min(100, now - this.#seenAt) / 1000) * audio.playbackRate;
  }

  /** What the ear hears of it, in milliseconds since 1970. */
  position(now: number): number {
    if (this.audio.ended && this.#endedAt === 0) this.#endedAt = now;
    // What the delay holds is still heard.
    const behind = this.audio.ended ? Math.max(0, this.#delay - (now - this.#endedAt) / 1000) : this.#delay;
    return (this.track?.from ?? 0) + Math.max(0, this.time(now) - behind * this.audio.playbackRate) * second;
  }

  #known(events: DeckEvents): void {
    if (this.#phase !== 'opening' || this.track === null) return;
    const asked = this.#leadInAsked;
    if (asked === null) {
      this.#cueUp(events);
      return;
    }
    const which = this.#opened;
    const mine = () => this.#phase === 'opening' && this.#opened === which;
    asked.then(
      (told) => {
        if (!mine()) return;
        this.#leadIn = told;
        this.#cueUp(events);
      },
      () => mine() && events.failed(this),
    );
  }

  #cueUp(events: DeckEvents): void {
    const at = events.known(this);
    // It may have been given something else to do meanwhile.
    if (this.#phase !== 'opening') return;
    if (at === null) {
      this.close();
      return;
    }
    this.#phase = 'cueing';
    this.stand(at);
    this.#ready(events);
  }

  #ready(events: DeckEvents): void {
    const { audio } = this;
    if (this.#phase !== 'cueing' || audio.seeking || audio.readyState < haveFutureData) return;
    this.#phase = 'ready';
    events.ready(this);
  }
}
