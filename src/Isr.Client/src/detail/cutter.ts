import { Refusal } from '../api/client';
import type { Tracks } from '../archive/tracks';
import type { Section } from '../archive/types';
import type { PlaceStore } from '../page/place';
import { framed } from '../review/order';
import { Store } from '../store';
import { type Cutting, cutting, nothingMarked } from './cutting';
import { download } from './download';

interface Failure {
  readonly sentence: string;
  /** Where the same is to be had with silence in its gaps. */
  readonly instead: string | null;
}

interface CutterState {
  readonly busy: boolean;
  readonly failure: Failure | null;
}

/** Downloads what lies between the handles, one at a time. */
export class Cutter {
  readonly state = new Store<CutterState>({ busy: false, failure: null });
  readonly #tracks: Tracks;
  readonly #place: PlaceStore;

  constructor(tracks: Tracks, place: PlaceStore) {
    this.#tracks = tracks;
    this.#place = place;
  }

  /** What is marked; where nothing is, the section with some room before and after it. Gives a sentence where it cannot be had. */
  async cut(section: Section | null): Promise<string | null> {
    const { cut: marked } = this.#place.value;
    const cut = marked ?? (section === null ? null : framed(section).cut);
    if (cut !== marked) this.#place.patch({ cut });
    return this.get(this.ask());
  }

  /** Whether what is marked now can be cut, and where. */
  async ask(): Promise<Cutting> {
    const { source, cut } = this.#place.value;
    return source === null || cut === null ? nothingMarked : cutting(this.#tracks, this.#tracks.zone, source, cut);
  }

  async get(asked: Promise<Cutting>): Promise<string | null> {
    if (this.state.value.busy) return null;
    this.state.set({ busy: true, failure: null });
    let path = '';
    try {
      const found = await asked;
      if (found.path === null) throw new Error(found.reason);
      path = found.path;
      await download(path);
      this.state.set({ busy: false, failure: null });
      return null;
    } catch (error) {
      const failure = failureOf(error as Error, path);
      this.state.set({ busy: false, failure });
      return failure.sentence;
    }
  }

  /** Something else is marked. */
  forget(): void {
    this.state.patch({ failure: null });
  }
}

/** A gap is no reason to go without the rest. */
function failureOf(error: Error, path: string): Failure {
  const isGap = error instanceof Refusal && error.status === 409 && path.startsWith('api/cut?source=');
  return { sentence: isGap ? error.message.replace(/ \/api\/export .*$/, '') : error.message, instead: isGap ? path.replace('api/cut?', 'api/export?') : null };
}
