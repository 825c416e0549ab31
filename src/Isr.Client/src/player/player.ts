import { streamUrl } from '../api/client';
import { Store } from '../store';
import { atKnownEnd, next, waitForMore } from './growing';

const giveUpAfter = 30;

export interface PlayerState {
  name: string | null;
  /** Whether it should sound, also while it waits for more. */
  playing: boolean;
  /** Waits for the file to grow, or to come back. */
  waiting: boolean;
  /** Seconds from the start. */
  position: number;
  /** Seconds of the file the browser knows; 0 when it cannot tell. */
  known: number;
  error: string | null;
}

type Audio = Pick<
  HTMLAudioElement,
  'src' | 'currentTime' | 'duration' | 'ended' | 'load' | 'play' | 'pause' | 'addEventListener'
>;

/** `open`: the element stands somewhere in the file. `closed`: the next play opens the file at the position. */
type Phase = 'closed' | 'opening' | 'waiting' | 'open';

/** One recording at a time through one audio element, also while it is still being recorded. */
export class Player {
  readonly state = new Store<PlayerState>({
    name: null,
    playing: false,
    waiting: false,
    position: 0,
    known: 0,
    error: null,
  });

  readonly #audio: Audio;
  readonly #isGrowing: (name: string) => boolean;
  #phase: Phase = 'closed';
  #openedGrowing = false;
  #chosen = false;
  #opened = 0;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(audio: Audio, isGrowing: (name: string) => boolean) {
    this.#audio = audio;
    this.#isGrowing = isGrowing;
    audio.addEventListener('loadedmetadata', () => this.#goOn());
    audio.addEventListener('ended', () => this.#reachedEnd());
    audio.addEventListener('waiting', () => this.#stuck());
    audio.addEventListener('stalled', () => this.#stuck());
    audio.addEventListener('error', () => this.#failed());
    this.#whileOpen('timeupdate', () => this.state.patch({ position: audio.currentTime }));
    this.#whileOpen('durationchange', () => this.state.patch({ known: this.#known() }));
    // The browser and media keys pause and play as well.
    this.#whileOpen('pause', () => {
      if (!audio.ended) this.state.patch({ playing: false });
    });
    this.#whileOpen('playing', () => {
      this.#failures = 0;
      this.state.patch({ playing: true });
    });
  }

  /** Plays a recording; the one at hand is paused or goes on. */
  toggle(name: string | null = this.state.value.name): void {
    if (name === null) return;
    if (name !== this.state.value.name) {
      this.#failures = 0;
      this.state.patch({ name, playing: true, known: 0 });
      this.#open(0, false);
    } else if (this.state.value.playing) {
      this.#pause();
    } else {
      this.#play();
    }
  }

  seek(to: number): void {
    if (this.state.value.name === null) return;
    const position = Math.max(0, to);
    const known = this.#known();
    const beyond = this.#openedGrowing && known > 0 && position >= known;
    if (this.#phase !== 'open' || beyond) {
      this.#open(position, true);
      return;
    }
    this.#audio.currentTime = known > 0 ? Math.min(position, known) : position;
    this.state.patch({ position: this.#audio.currentTime });
    if (this.state.value.playing) this.#sound();
  }

  #play(): void {
    this.#failures = 0;
    this.state.patch({ playing: true });
    const ranOut = this.#audio.ended && this.#openedGrowing;
    if (this.#phase === 'closed' || ranOut) this.#open(this.state.value.position, false);
    else if (this.#phase === 'open') this.#sound();
  }

  #pause(): void {
    clearTimeout(this.#timer);
    if (this.#phase === 'waiting') this.#phase = 'closed';
    this.state.patch({ playing: false, waiting: false });
    this.#audio.pause();
  }

  #open(position: number, chosen: boolean): void {
    const { name } = this.state.value;
    if (name === null) return;
    clearTimeout(this.#timer);
    this.#phase = 'opening';
    this.#chosen = chosen;
    this.#openedGrowing = this.#isGrowing(name);
    this.#opened++;
    this.state.patch({ position, error: null });
    // A new address each time, so that no older, shorter answer is played.
    this.#audio.src = streamUrl(name, this.#openedGrowing ? this.#opened : null);
    this.#audio.load();
  }

  #goOn(): void {
    if (this.#phase !== 'opening') return;
    const { position, playing } = this.state.value;
    const known = this.#audio.duration;
    const step = next({ position, known, growing: this.#openedGrowing, chosen: this.#chosen });
    this.state.patch({ known: this.#known() });
    if (step.kind === 'wait') {
      this.#wait();
      return;
    }
    this.#phase = 'open';
    const from = step.kind === 'play' ? step.from : known;
    this.#audio.currentTime = from;
    this.state.patch({ position: from, waiting: false, playing: playing && step.kind === 'play' });
    if (this.state.value.playing) this.#sound();
  }

  #reachedEnd(): void {
    if (this.#phase !== 'open') return;
    if (this.#openedGrowing) this.#open(this.#audio.currentTime, false);
    else this.state.patch({ position: this.#audio.currentTime, playing: false });
  }

  /** Some browsers stand still at the end of what they know, without an end. */
  #stuck(): void {
    const { playing } = this.state.value;
    if (playing && this.#openedGrowing && atKnownEnd(this.#audio.currentTime, this.#audio.duration)) this.#reachedEnd();
  }

  #failed(): void {
    this.#failures++;
    if (this.#openedGrowing && this.#failures <= giveUpAfter) {
      this.#wait();
      return;
    }
    this.#phase = 'closed';
    this.state.patch({
      playing: false,
      waiting: false,
      error: 'This recording could not be played. Try again, or download it.',
    });
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (!this.state.value.playing) {
      this.#phase = 'closed';
      return;
    }
    this.#phase = 'waiting';
    this.state.patch({ waiting: true });
    this.#timer = setTimeout(() => this.#open(this.state.value.position, false), waitForMore);
  }

  #sound(): void {
    this.#audio.play().catch((error: unknown) => {
      // An interrupted start is followed by another one; the rest is refusal by the browser.
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.state.patch({ playing: false });
    });
  }

  #known(): number {
    return Number.isFinite(this.#audio.duration) ? this.#audio.duration : 0;
  }

  #whileOpen(event: string, act: () => void): void {
    this.#audio.addEventListener(event, () => {
      if (this.#phase === 'open') act();
    });
  }
}
