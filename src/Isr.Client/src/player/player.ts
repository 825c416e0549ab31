import { streamUrl } from '../api/client';
import type { Tracks } from '../archive/tracks';
import { Store } from '../store';
import { type PlayerState, silent } from './state';

/** Plays a source from any moment. */
export class Player {
  readonly state = new Store<PlayerState>(silent);
  readonly #audio = new Audio();
  readonly #tracks: Tracks;
  #from = 0;

  constructor(tracks: Tracks, _now: () => number) {
    this.#tracks = tracks;
    this.#audio.addEventListener('timeupdate', () => this.state.patch({ at: this.position() }));
    this.#audio.addEventListener('pause', () => this.state.patch({ playing: false }));
    this.#audio.addEventListener('playing', () => this.state.patch({ playing: true }));
  }

  /** Plays from there, or from the next that was recorded. */
  play(source: string, at: number): void {
    void this.#open(source, at);
  }

  /** Pauses, or goes on. */
  toggle(): void {
    if (this.#audio.paused) void this.#audio.play();
    else this.#audio.pause();
  }

  /** Goes to another moment of the source at hand; goes on playing if it played. */
  seek(at: number): void {
    const { source } = this.state.value;
    if (source !== null) this.play(source, at);
  }

  setSpeed(speed: number): void {
    this.state.patch({ speed });
  }

  setGain(gain: number): void {
    this.state.patch({ gain });
  }

  setHighPass(highPass: number): void {
    this.state.patch({ highPass });
  }

  /** The moment that sounds now, in milliseconds since 1970. */
  position(): number {
    return this.#from + this.#audio.currentTime * 1000;
  }

  async #open(source: string, at: number): Promise<void> {
    const track = (await this.#tracks.at(source, at)) ?? (await this.#tracks.after(source, at));
    if (track === null) return;
    this.#from = track.from;
    this.#audio.src = streamUrl(track.recording.name);
    this.#audio.currentTime = Math.max(0, at - track.from) / 1000;
    this.state.patch({ source, name: track.recording.name, at, playing: true });
    await this.#audio.play();
  }
}
