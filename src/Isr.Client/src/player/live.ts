import { liveUrl, Refusal, request } from '../api/client';
import { Store } from '../store';
import { second } from '../time/zone';
import { Feeder, takes } from './feeder';
import { Pace } from './pace';
import type { Player } from './player';
import type { WebSound } from './sound';

export interface LiveState {
  /** What is listened to; null for nothing. */
  readonly source: string | null;
  /** Does not sound yet, or no longer. */
  readonly waiting: boolean;
  /** A sentence: why not. */
  readonly error: string | null;
  /** Seconds behind what the recorder gets; null where that is not known. */
  readonly behind: number | null;
}

/** Listening to nothing, as it begins and ends. */
export const quiet: LiveState = { source: null, waiting: false, error: null, behind: null };

/** Beside the player's two. */
const deck = 2;
const lookEvery = 250;
/** So many looks are a second: more often nobody reads a figure. */
const tellEvery = 4;
/** So long without a byte, or without a sound of what the browser gets by itself, it asks anew. */
const patience = 6 * second;
/** Standing still for less is not told. */
const unnoticed = 1.5 * second;
const pauses = [0.5, 1, 2, 4, 8].map((seconds) => seconds * second);
/** What a browser plays by itself is begun anew where so many seconds have gathered. */
const tooMuch = 8;

/** An answer without an end, fed bit by bit. */
interface Fed {
  readonly type: string;
  readonly bytes: ReadableStream<Uint8Array<ArrayBuffer>>;
}

/**
 * Plays a source as it comes, as near to now as the browser can: fed bit by bit where it takes the source's format so, otherwise by the browser
 * itself, and where it cannot do that either, from the recording that grows. It goes on by itself whatever happens on the way.
 */
export class Live {
  readonly state = new Store<LiveState>(quiet);
  readonly #sound: WebSound;
  readonly #player: Player;
  readonly #now: () => number;
  readonly #audio: HTMLAudioElement;
  readonly #pace = new Pace();
  /** Counts what was begun; what an older one brings is dropped. */
  #turn = 0;
  #cut = new AbortController();
  #feeder: Feeder | null = null;
  #failures = 0;
  /** Feeding it failed: the browser is to get it by itself. */
  #isPlain = false;
  #heard = 0;
  /** How often in a row it was seen to stand still. */
  #stood = 0;
  #looks = 0;
  #look: ReturnType<typeof setInterval> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  constructor(sound: WebSound, player: Player, now: () => number) {
    this.#sound = sound;
    this.#player = player;
    this.#now = now;
    this.#audio = sound.element(deck);
    const whileOn = (name: string, act: () => void) => this.#audio.addEventListener(name, () => this.state.value.source !== null && act());
    whileOn('playing', () => this.#sounds());
    whileOn('waiting', () => this.#feeder?.stood());
    whileOn('error', () => void this.#failed());
    whileOn('ended', () => this.#again());
    // By the browser: a call comes, a headset is taken off.
    whileOn('pause', () => !this.#audio.ended && this.stop());
    // One thing sounds at a time.
    player.state.subscribe(() => player.state.value.playing && this.stop());
  }

  listen(source: string): void {
    this.#player.pause();
    this.#sound.wake();
    this.#calm();
    [this.#failures, this.#isPlain] = [0, false];
    this.state.set({ ...quiet, source, waiting: true });
    this.#sound.fade(deck, 1);
    this.#look = setInterval(() => this.#watch(), lookEvery);
    void this.#go();
  }

  stop(): void {
    if (this.state.value.source === null) return;
    this.#calm();
    this.#sound.fade(deck, 0);
    this.state.set(quiet);
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    this.#audio.load();
  }

  async #go(): Promise<void> {
    const { source } = this.state.value;
    if (source === null) return;
    const turn = ++this.#turn;
    this.#cut.abort();
    const cut = (this.#cut = new AbortController());
    this.#heard = performance.now();
    let fed: Fed | null;
    try {
      fed = this.#isPlain ? null : await ask(source, cut.signal);
    } catch (error) {
      if (turn === this.#turn) this.#lost(error as Error);
      return;
    }
    if (turn !== this.#turn) return;
    if (fed === null) {
      this.#plain(source);
      return;
    }
    try {
      await this.#feed(fed, turn);
    } catch {
      // However it was cut off, asking anew tells why.
    }
    if (turn === this.#turn) this.#again();
  }

  async #feed({ type, bytes }: Fed, turn: number): Promise<void> {
    const feeder = await Feeder.open(this.#audio, type, this.#pace);
    if (turn !== this.#turn) return;
    this.#feeder = feeder;
    this.#play();
    await bytes.pipeTo(
      new WritableStream({
        write: (some) => {
          if (turn !== this.#turn) return;
          this.#heard = performance.now();
          return feeder.append(some);
        },
      }),
    );
  }

  /** The browser gets it by itself, and keeps as much as it sees fit. */
  #plain(source: string): void {
    this.#feeder = null;
    this.#audio.playbackRate = 1;
    // A new address each time, so that nothing older is played.
    this.#audio.src = `${liveUrl(source)}?${Date.now()}`;
    this.#play();
  }

  #play(): void {
    this.#audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.stop();
    });
  }

  #sounds(): void {
    this.#failures = 0;
    this.#heard = performance.now();
    this.state.patch({ waiting: false, error: null });
  }

  #watch(): void {
    const { waiting, behind } = this.state.value;
    const audio = this.#audio;
    this.#feeder?.look();
    const told = waiting ? null : (this.#feeder?.behind() ?? null);
    if (told === null ? behind !== null : behind === null || ++this.#looks % tellEvery === 0) {
      this.state.patch({ behind: told === null ? null : told + this.#sound.latency });
    }
    if (audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) this.#stood = 0;
    else if (!waiting && ++this.#stood * lookEvery > unnoticed) this.state.patch({ waiting: true });
    if (this.#feeder === null && audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) {
      this.#heard = performance.now();
      const { buffered } = audio;
      if (buffered.length > 0 && buffered.end(buffered.length - 1) - audio.currentTime > tooMuch) this.#again();
    }
    if (this.#later !== undefined || performance.now() - this.#heard <= patience) return;
    this.state.patch({ error: 'Nothing comes. Listening goes on by itself.' });
    this.#again();
  }

  /** It ended, or says nothing: it is asked for anew, and then is known what is wrong. */
  #again(): void {
    this.state.patch({ waiting: true, behind: null });
    if (this.#failures++ === 0) void this.#go();
    else this.#soon();
  }

  /** What the browser was given does not play. */
  async #failed(): Promise<void> {
    const { source } = this.state.value;
    const turn = ++this.#turn;
    if (source === null) return;
    try {
      await request(liveUrl(source), { method: 'HEAD', cache: 'no-store' });
      if (turn !== this.#turn) return;
      if (this.#isPlain) this.#record(source);
      else {
        this.#isPlain = true;
        void this.#go();
      }
    } catch (error) {
      if (turn === this.#turn) this.#lost(error as Error);
    }
  }

  /** The server has it, and the browser cannot play it so: what was recorded of it is nearly as good. */
  #record(source: string): void {
    this.stop();
    this.#player.play(source, this.#now());
  }

  /** Server or source are away: it asks again, more and more seldom. */
  #lost(error: Error): void {
    const { source } = this.state.value;
    if (error instanceof Refusal && error.status === 404) {
      this.stop();
      this.state.patch({ error: `${source}: ${error.message}` });
      return;
    }
    this.state.patch({ waiting: true, behind: null, error: `${error.message} Listening goes on by itself.` });
    this.#failures++;
    this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.#later = undefined;
      void this.#go();
    }, pauses[Math.min(this.#failures, pauses.length) - 1]);
  }

  #calm(): void {
    this.#turn++;
    this.#cut.abort();
    this.#feeder = null;
    clearInterval(this.#look);
    clearTimeout(this.#later);
    this.#later = undefined;
  }
}

/** The source as this browser takes it bit by bit: as it comes, or in MP4. Null where it takes neither. */
async function ask(source: string, signal: AbortSignal): Promise<Fed | null> {
  if (!('MediaSource' in window || 'ManagedMediaSource' in window)) return null;
  const asItComes = await fedFrom(liveUrl(source), signal);
  if (takes(asItComes.type)) return asItComes;
  await asItComes.bytes.cancel();
  if (!canBeMp4(asItComes.type)) return null;
  try {
    const inMp4 = await fedFrom(`${liveUrl(source)}?format=mp4`, signal);
    if (takes(inMp4.type)) return inMp4;
    await inMp4.bytes.cancel();
  } catch (error) {
    // Samples that cannot be coded there.
    if (!(error instanceof Refusal && error.status === 400)) throw error;
  }
  return null;
}

/** Vorbis does not go into it. */
function canBeMp4(type: string): boolean {
  return !type.includes('vorbis');
}

async function fedFrom(address: string, signal: AbortSignal): Promise<Fed> {
  const response = await request(address, { cache: 'no-store', signal });
  return { type: response.headers.get('Content-Type') ?? '', bytes: response.body! };
}
