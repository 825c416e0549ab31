import { Store } from '../store';

/** Something that was done and can be taken back. */
export interface Done {
  /** What was done, as "Deleted 3 recordings". */
  readonly words: string;
  /** Takes it back; gives a sentence that says what is so now. Throws a sentence where it cannot. */
  readonly back: () => Promise<string>;
}

interface Told {
  readonly words: string;
  /** What the button beside it does; null for none. */
  readonly offer: 'undo' | 'again' | null;
}

const most = 100;

/** What was done on this page, the last of which can be taken back. */
export class Undo {
  readonly told = new Store<Told | null>(null);
  readonly #done: Done[] = [];
  readonly #tell: (sentence: string) => void;
  #turn: Promise<void> = Promise.resolve();

  constructor(tell: (sentence: string) => void) {
    this.#tell = tell;
  }

  push(done: Done): void {
    this.#done.push(done);
    if (this.#done.length > most) this.#done.shift();
    this.#say(done.words, 'undo');
  }

  /** It was not done after all; the sentence says why. */
  refused(sentence: string, done?: Done): void {
    if (done !== undefined && this.#done.includes(done)) this.#done.splice(this.#done.lastIndexOf(done), 1);
    this.#say(sentence, null);
  }

  /** Takes back what was done last, or that, one after the other; what cannot be taken back may be tried again. */
  back(done: Done | undefined = this.#done.at(-1)): Promise<void> {
    const at = done === undefined ? -1 : this.#done.lastIndexOf(done);
    if (done === undefined) this.#say('There is nothing to undo.', null);
    else if (at >= 0) {
      this.#done.splice(at, 1);
      this.#turn = this.#turn.then(() => this.#take(done));
    }
    return this.#turn;
  }

  async #take(done: Done): Promise<void> {
    try {
      this.#say(await done.back(), null);
    } catch (error) {
      this.#done.push(done);
      this.#say(`It was not undone: ${(error as Error).message}`, 'again');
    }
  }

  #say(words: string, offer: Told['offer']): void {
    this.told.set({ words, offer });
    this.#tell(words);
  }
}
