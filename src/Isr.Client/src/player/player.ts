import { Refusal, request, streamUrl } from '../api/client';
import { Store } from '../store';
import { lengthOf } from '../time/span';
import { minute, second } from '../time/zone';
import { Deck } from './deck';
import { type Archive, type Following, following, seam } from './following';
import { atKnownEnd, next, waitForMore } from './growing';
import { Joint } from './joint';
import { readSettings, writeSettings } from './settings';
import { type Sound, WebSound } from './sound';
import { type PlayerState, silent } from './state';
import { passedOver, playedFrom } from './words';

const lookEvery = 250;
/** What follows is opened so many seconds before it is needed. */
const lead = 8;
/** Of what grows there is more the later one looks: half of what lies between here and now is left for the next time, but for so many seconds. */
const growingLead = 3;
const askAgain = 1500;
/** Standing still so long, it asks whether the server is there. */
const patience = 1500;
/** Behind the last recording it waits for another one while that is not older. */
const waitsFor = 10 * minute;
const pauses = [1, 2, 4, 8, 15].map((seconds) => seconds * second);
const giveUpAfter = 30;

/** Up to where it is to play, and what follows; what cannot be played up to there is passed over. */
export interface Limit {
  readonly to: number;
  readonly reached: () => void;
}

export interface PlayerParts {
  sound?: Sound;
  /** Milliseconds of a clock that nobody sets. */
  clock?: () => number;
  storage?: Pick<Storage, 'getItem' | 'setItem'>;
}

/**
 * Plays a source from any moment, over the joints of its recordings, up to what is being recorded now. Two decks take turns: while one sounds,
 * the other one opens what follows, or the same recording again, which is longer by then.
 */
export class Player {
  readonly state: Store<PlayerState>;
  readonly #tracks: Archive;
  readonly #now: () => number;
  readonly #clock: () => number;
  readonly #sound: Sound;
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>;
  #deck: Deck;
  #other: Deck;
  #joint: Joint | null = null;
  /** Counts what was asked for; what an older question brings is dropped. */
  #turn = 0;
  #want = 0;
  #chosen = false;
  #limit: Limit | null = null;
  #asking = false;
  #askFrom = 0;
  #failures = 0;
  #heard = 0;
  #look: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #stuck: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  #atLimit: ReturnType<typeof setTimeout> | undefined;

  constructor(tracks: Archive, now: () => number, { sound = new WebSound(), clock = () => performance.now(), storage = localStorage }: PlayerParts = {}) {
    this.#tracks = tracks;
    this.#now = now;
    this.#clock = clock;
    this.#sound = sound;
    this.#storage = storage;
    this.state = new Store<PlayerState>({ ...silent, ...readSettings(storage) });
    sound.gain(this.state.value.gain);
    sound.highPass(this.state.value.highPass);
    const events = {
      known: (deck: Deck) => this.#known(deck),
      ready: (deck: Deck) => this.#ready(deck),
      ended: (deck: Deck) => deck === this.#deck && this.#ended(),
      failed: (deck: Deck) => this.#failed(deck),
      stuck: (deck: Deck) => deck === this.#deck && this.#stands(),
      stopped: (deck: Deck) => deck === this.#deck && this.pause(),
      moved: (deck: Deck) => deck === this.#deck && this.#moved(),
    };
    this.#deck = new Deck(0, sound, events);
    this.#other = new Deck(1, sound, events);
  }

  /** Plays from there, or from the next that was recorded; with a limit no further than to that. */
  play(source: string, at: number, limit: Limit | null = null): void {
    this.#sound.wake();
    this.#limit = limit;
    this.state.patch({ source, at, playing: true, error: null, note: null });
    this.#failures = 0;
    void this.#go(at, true);
  }

  /** Up to where it plays; null for on and on. */
  get limit(): Limit | null {
    return this.#limit;
  }

  /** Sets another limit while it plays on. */
  set limit(limit: Limit | null) {
    this.#limit = limit;
    this.#moved();
  }

  /** Pauses, or goes on. */
  toggle(): void {
    if (this.state.value.playing) this.pause();
    else this.#resume();
  }

  pause(): void {
    if (!this.state.value.playing) return;
    const at = this.position();
    this.#calm();
    this.#deck.stop();
    this.#want = at;
    this.state.patch({ playing: false, waiting: false, at });
  }

  /** Goes to another moment of the source at hand; goes on playing if it played. */
  seek(at: number): void {
    const { source } = this.state.value;
    if (source === null) return;
    this.#failures = 0;
    if (this.#limit !== null && at >= this.#limit.to) this.#limit = null;
    this.state.patch({ at, error: null, note: null });
    void this.#go(at, true);
  }

  setSpeed(speed: number): void {
    this.state.patch({ speed });
    for (const deck of [this.#deck, this.#other]) if (deck.running) deck.speed(speed);
    this.#joint?.forget();
    this.#approach();
    writeSettings(this.#storage, this.state.value);
  }

  setGain(gain: number): void {
    this.#sound.gain(gain);
    this.state.patch({ gain });
    writeSettings(this.#storage, this.state.value);
  }

  setHighPass(highPass: number): void {
    this.#sound.highPass(highPass);
    this.state.patch({ highPass });
    writeSettings(this.#storage, this.state.value);
  }

  /** The moment that sounds now, in milliseconds since 1970. */
  position(): number {
    const deck = this.#deck;
    return deck.phase === 'ready' && deck.running ? deck.position(this.#clock()) : this.#want;
  }

  #resume(): void {
    if (this.state.value.source === null) return;
    this.#sound.wake();
    this.#failures = 0;
    this.state.patch({ playing: true, error: null });
    void this.#go(this.#want, false);
  }

  async #go(at: number, chosen: boolean): Promise<void> {
    this.#calm();
    const turn = this.#turn;
    const { source } = this.state.value;
    if (source === null) return;
    [this.#want, this.#chosen] = [at, chosen];
    const deck = this.#deck;
    if (deck.phase === 'ready' && deck.track?.source === source && this.#holds(deck, at)) {
      deck.stand((at - deck.track.from) / second);
      if (this.state.value.playing) this.#start();
      return;
    }
    deck.stop();
    if (chosen) this.state.patch({ waiting: false });
    try {
      const held = await this.#tracks.at(source, at);
      const track = held ?? (await this.#tracks.after(source, at, true));
      if (turn !== this.#turn) return;
      if (track === null) this.#end(`Nothing was recorded at ${this.#tracks.zone.exactClock(at)}, and nothing after that.`);
      else {
        if (held === null && track.from - at > seam) this.#tell(at, track.from, chosen);
        this.#want = Math.max(at, track.from);
        deck.open(track);
      }
    } catch (error) {
      if (turn === this.#turn) this.#lost(error as Error);
    }
  }

  #holds(deck: Deck, at: number): boolean {
    return deck.track !== null && at >= deck.track.from && at < deck.track.from + deck.known * second;
  }

  /** A deck knows how long its recording is: where is it to stand? */
  #known(deck: Deck): number | null {
    const { track, known, growing } = deck;
    if (track === null) return null;
    const joint = deck === this.#other ? this.#joint : null;
    if (joint !== null) {
      const position = (joint.what.at - track.from) / second;
      const sounds = !this.state.value.waiting;
      const step = next({ position, known, growing, chosen: false, following: sounds });
      if (step.kind === 'play') return joint.cue;
      this.#joint = null;
      this.#askFrom = this.#clock() + askAgain;
      if (!sounds) this.#wait();
      return null;
    }
    const step = next({ position: (this.#want - track.from) / second, known, growing, chosen: this.#chosen });
    if (step.kind === 'play') {
      this.#want = track.from + step.from * second;
      return step.from;
    }
    this.state.patch({ name: track.recording.name });
    this.#continue(track, this.#want, growing);
    return null;
  }

  #ready(deck: Deck): void {
    if (deck === this.#deck) {
      if (this.state.value.playing) this.#start();
      else this.state.patch({ name: deck.track?.recording.name ?? null, at: this.#want });
      return;
    }
    if (this.#joint !== null) this.#approach();
  }

  #start(): void {
    const deck = this.#deck;
    this.#look ??= setInterval(() => this.#moved(), lookEvery);
    deck.fade(1);
    void deck.start(this.state.value.speed).catch((error: unknown) => {
      // A start that is cut short is followed by another one; refused by the browser, it waits for a click.
      if (error instanceof DOMException && error.name === 'NotAllowedError' && deck === this.#deck) this.pause();
    });
    this.#heard = -1;
    this.state.patch({ name: deck.track?.recording.name ?? null, at: this.position() });
  }

  /** Several times a second while it plays. */
  #moved(): void {
    const deck = this.#deck;
    if (deck.phase !== 'ready' || !deck.running) return;
    const at = this.position();
    if (at !== this.#heard && !deck.audio.seeking) {
      if (this.#heard !== -1) this.#sounds();
      this.#heard = at;
    }
    this.#want = at;
    if (at !== this.state.value.at) this.state.patch({ at });
    if (this.#isReached(at)) return;
    const left = (deck.known - deck.audio.currentTime) / this.state.value.speed + deck.delay;
    if (this.#joint === null && !this.#asking && left < this.#lead(deck) && this.#clock() >= this.#askFrom) void this.#prepare();
  }

  /** Whether the limit is reached; if it will be before the next look, it looks then. */
  #isReached(at: number): boolean {
    const limit = this.#limit;
    clearTimeout(this.#atLimit);
    if (limit === null || !this.state.value.playing) return false;
    const left = (limit.to - at) / this.state.value.speed;
    if (left > 0) {
      if (left < lookEvery) this.#atLimit = setTimeout(() => this.#moved(), left);
      return false;
    }
    this.#limit = null;
    const turn = this.#turn;
    limit.reached();
    if (turn === this.#turn && this.#limit === null) this.pause();
    return true;
  }

  #lead({ growing }: Deck): number {
    if (!growing) return lead;
    const behind = (this.#now() - this.#want) / second / this.state.value.speed;
    return Math.min(lead, Math.max(growingLead, behind / 2));
  }

  /** Something is heard: whatever was wrong is over. */
  #sounds(): void {
    clearTimeout(this.#stuck);
    this.#stuck = undefined;
    this.#failures = 0;
    if (this.state.value.error !== null || this.state.value.waiting) this.state.patch({ error: null, waiting: false });
  }

  /** Opens what follows while there is still something to be heard. */
  async #prepare(): Promise<void> {
    const deck = this.#deck;
    const { track } = deck;
    if (track === null) return;
    const turn = this.#turn;
    this.#asking = true;
    let found: Following | null = null;
    try {
      found = await following(this.#tracks, { track, end: track.from + deck.known * second, growing: deck.growing });
    } catch {
      // What is there still sounds; at its end the same question says what is wrong.
    }
    if (turn !== this.#turn || deck !== this.#deck) return;
    this.#asking = false;
    if (this.#joint !== null || this.state.value.waiting) return;
    if (found === null || (this.#limit !== null && found.at >= this.#limit.to)) this.#askFrom = this.#clock() + askAgain;
    else this.#bring(found);
  }

  #bring(what: Following): void {
    this.#joint = new Joint(this.#deck, this.#other, what);
    this.#other.open(what.track);
  }

  #approach(): void {
    const joint = this.#joint;
    clearTimeout(this.#soon);
    if (joint === null || joint.to.phase !== 'ready' || !this.state.value.playing) return;
    const again = joint.advance(this.#clock(), this.state.value.speed);
    if (again > 0) this.#soon = setTimeout(() => this.#approach(), again);
    else this.#takeOver(joint);
  }

  #takeOver({ from, to, what }: Joint): void {
    this.#joint = null;
    [this.#deck, this.#other] = [to, from];
    from.close();
    this.#askFrom = 0;
    if (what.missing !== null) this.#tell(what.missing.from, what.missing.to, false);
    this.#look ??= setInterval(() => this.#moved(), lookEvery);
    this.#heard = -1;
    this.state.patch({ name: what.track.recording.name, at: this.position(), waiting: false });
    if (to.audio.ended) this.#ended();
  }

  #ended(): void {
    const deck = this.#deck;
    if (!this.state.value.playing || deck.track === null) return;
    if (this.#joint !== null) {
      if (this.#joint.to.phase === 'ready') this.#approach();
      else this.#want = this.#joint.what.at;
      return;
    }
    this.#continue(deck.track, deck.track.from + deck.known * second, deck.growing);
  }

  /** Nothing sounds any more, and what follows is not there yet. */
  #continue(track: Deck['track'] & object, end: number, growing: boolean): void {
    const turn = ++this.#turn;
    this.#want = end;
    if (!this.state.value.playing) return;
    void following(this.#tracks, { track, end, growing }).then(
      (found) => {
        if (turn !== this.#turn) return;
        this.#asking = false;
        if (found !== null && this.#isReached(found.at)) return;
        if (found !== null && this.#deck.phase === 'ready' && this.#deck.track === track) {
          this.state.patch({ waiting: true });
          this.#bring(found);
        } else if (found !== null) {
          this.#want = found.at;
          if (found.missing !== null) this.#tell(found.missing.from, found.missing.to, false);
          this.state.patch({ waiting: true });
          this.#later = setTimeout(() => void this.#go(found.at, false), found.again ? waitForMore : 0);
        } else if (growing || this.#now() - end < waitsFor) this.#wait();
        else this.#end(`Nothing was recorded after ${this.#tracks.zone.exactClock(end)}.`);
      },
      (error: Error) => turn === this.#turn && this.#lost(error),
    );
  }

  /** At the live end: looks again in a moment. */
  #wait(): void {
    clearTimeout(this.#later);
    const { track, growing } = this.#deck;
    const at = this.#want;
    this.state.patch({ waiting: true, at });
    this.#later = setTimeout(() => (track === null ? void this.#go(at, false) : this.#continue(track, at, growing)), waitForMore);
  }

  #end(note: string): void {
    if (this.#isReached(Infinity)) return;
    this.#calm();
    this.#deck.stop();
    this.state.patch({ playing: false, waiting: false, note });
  }

  /** Some browsers stand still at the end of what they know, without an end. */
  #stands(): void {
    const deck = this.#deck;
    if (!this.state.value.playing || !deck.running || deck.audio.seeking) return;
    if (deck.growing && atKnownEnd(deck.audio.currentTime, deck.known)) {
      this.#ended();
      return;
    }
    const at = this.position();
    this.#stuck ??= setTimeout(() => {
      this.#stuck = undefined;
      if (this.state.value.playing && this.#deck === deck && Math.abs(this.position() - at) < 50 && !deck.audio.ended) {
        this.state.patch({ waiting: true });
        void this.#ask(deck, () => this.#stands());
      }
    }, patience);
  }

  #failed(deck: Deck): void {
    if (deck !== this.#deck) {
      const sounds = !this.state.value.waiting && this.#deck.running && !this.#deck.audio.ended;
      this.#joint = null;
      deck.close();
      this.#askFrom = this.#clock() + askAgain;
      if (!sounds && this.state.value.playing) this.#wait();
      return;
    }
    this.#failures++;
    const growing = deck.growing && this.#failures <= giveUpAfter;
    void this.#ask(deck, () => {
      deck.close();
      // One that has just begun may hold nothing to play yet.
      if (growing) this.#wait();
      else this.#give('This recording could not be played. Try again, or download it.');
    });
  }

  /** Is it the server, or the recording? */
  async #ask(deck: Deck, answered: () => void): Promise<void> {
    const turn = this.#turn;
    const name = deck.track?.recording.name;
    if (name === undefined) return;
    try {
      await request(streamUrl(name), { method: 'HEAD', cache: 'no-store' });
      if (turn === this.#turn) answered();
    } catch (error) {
      if (turn !== this.#turn) return;
      if (error instanceof Refusal && error.status === 404) this.#give('This recording is no longer there: it was deleted or moved.');
      else this.#lost(error as Error);
    }
  }

  #give(error: string): void {
    if (this.#isReached(Infinity)) return;
    this.#calm();
    this.#deck.close();
    this.state.patch({ playing: false, waiting: false, error });
  }

  /** The server is away, or ill: tries again, more and more seldom. */
  #lost({ message }: Error): void {
    const at = this.#want;
    this.#calm();
    this.#deck.close();
    this.#want = at;
    const { playing } = this.state.value;
    this.state.patch({ waiting: playing, at, error: playing ? `${message} Playing goes on by itself as soon as it does.` : message });
    if (!playing) return;
    const pause = pauses[Math.min(this.#failures++, pauses.length - 1)]!;
    this.#later = setTimeout(() => void this.#go(at, false), pause);
  }

  #tell(from: number, to: number, chosen: boolean): void {
    const span = { from, to };
    if (lengthOf(span) > seam) this.state.patch({ note: chosen ? playedFrom(span, this.#tracks.zone) : passedOver(span, this.#tracks.zone) });
  }

  /** Nothing goes on by itself any more. */
  #calm(): void {
    this.#turn++;
    this.#asking = false;
    this.#askFrom = 0;
    this.#joint = null;
    clearInterval(this.#look);
    clearTimeout(this.#soon);
    clearTimeout(this.#stuck);
    clearTimeout(this.#later);
    clearTimeout(this.#atLimit);
    this.#look = this.#stuck = undefined;
    this.#other.close();
  }
}
