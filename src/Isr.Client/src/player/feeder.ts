import { Edge, Pace } from './pace';

/** Safari on phones has it under another name, and asks that nothing is sent to other devices. */
const Source: typeof MediaSource | undefined = (window as { ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource ?? window.MediaSource;

/** What was heard so long ago is dropped, in seconds. */
const keep = 20;
/** It begins with so much more ahead than is needed, until it is known how large the lumps are. */
const head = 0.35;
/** So long after it has gone elsewhere nothing is concluded from its standing still, in seconds. */
const settles = 0.5;

/** Whether sound of this type can be fed to this browser bit by bit. */
export function takes(type: string): boolean {
  return Source !== undefined && Source.isTypeSupported(type);
}

/** Feeds an element with sound as it comes, and has it play as near to the end as the browser can. */
export class Feeder {
  readonly #audio: HTMLAudioElement;
  readonly #buffer: SourceBuffer;
  readonly #pace: Pace;
  readonly #edge = new Edge();
  #started = false;
  #leapt = 0;

  private constructor(audio: HTMLAudioElement, buffer: SourceBuffer, pace: Pace) {
    this.#audio = audio;
    this.#buffer = buffer;
    this.#pace = pace;
  }

  /** @param pace Of the connection before: what it has learnt stays true. */
  static async open(audio: HTMLAudioElement, type: string, pace: Pace): Promise<Feeder> {
    const source = new Source!();
    const address = URL.createObjectURL(source);
    audio.disableRemotePlayback = true;
    audio.src = address;
    await happens(source, 'sourceopen');
    URL.revokeObjectURL(address);
    const buffer = source.addSourceBuffer(type);
    // One connection's times begin anew, and nothing else is to be told of them.
    if (buffer.mode !== 'sequence') buffer.mode = 'sequence';
    return new Feeder(audio, buffer, pace);
  }

  async append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.look();
    this.#buffer.appendBuffer(bytes);
    await happens(this.#buffer, 'updateend');
    const { buffered } = this.#buffer;
    if (buffered.length === 0) return;
    const end = buffered.end(buffered.length - 1);
    this.#edge.see(end, now());
    if (!this.#started) this.#start(end, buffered.start(0));
    const old = this.#audio.currentTime - keep;
    if (old > buffered.start(0) + keep) {
      this.#buffer.remove(0, old);
      await happens(this.#buffer, 'updateend');
    }
  }

  /** It stands still: more is to be kept ahead from now on. */
  stood(): void {
    // A leap stands still for a moment, too.
    if (this.#started && !this.#audio.seeking && now() - this.#leapt > settles) this.#pace.stood(now());
  }

  /** How far what is heard is behind what was sent, in seconds; null while that is not known. */
  behind(): number | null {
    return this.#started && !this.#audio.paused ? this.#edge.behind(this.#audio.currentTime, now()) : null;
  }

  /** Faster, slower, or elsewhere, as it is needed. To be called several times a second. */
  look(): void {
    const { buffered } = this.#buffer;
    if (!this.#started || buffered.length === 0 || this.#audio.seeking) return;
    this.#pace.see(buffered.end(buffered.length - 1) - this.#audio.currentTime, now());
    const step = this.#pace.next();
    if (step.kind === 'leap') this.#goTo(this.#audio.currentTime + step.by);
    else if (this.#audio.playbackRate !== step.rate) this.#audio.playbackRate = step.rate;
  }

  /** The first answer brings more than is needed, so that nobody waits. */
  #start(end: number, begin: number): void {
    const ahead = this.#pace.safe + head;
    if (end - begin < ahead) return;
    this.#started = true;
    this.#goTo(Math.max(begin, end - ahead));
  }

  #goTo(time: number): void {
    this.#leapt = now();
    this.#audio.currentTime = time;
  }
}

function happens(target: EventTarget, name: string): Promise<void> {
  return new Promise((resolve) => target.addEventListener(name, () => resolve(), { once: true }));
}

function now(): number {
  return performance.now() / 1000;
}
