import type { Passed, Said } from './hub';
import { type Line, OwnLine, type Tell } from './line';

/** A worker that does not answer for so long is not there, in milliseconds. */
const patience = 2000;

/** The line that all tabs of this browser share; one of its own where browsers cannot, or the worker fails. */
export class SharedLine {
  readonly #address: string;
  #worker: SharedWorker | null;
  #tell: Tell | null = null;
  #isOpen = false;
  #own: Line | null = null;
  /** This worker has answered before. */
  #answered = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** @param path Of the events, relative to the page. */
  constructor(path: string) {
    this.#address = new URL(path, document.baseURI).href;
    this.#worker = this.#begin();
    // One that comes back from the browser's memory is seen anew.
    window.addEventListener('pagehide', () => this.#say('gone'));
  }

  get isOpen(): boolean {
    return this.#own?.isOpen ?? this.#isOpen;
  }

  open(tell: Tell): void {
    this.#tell = tell;
    if (this.#worker === null) this.#own ??= new OwnLine(this.#address, tell);
    else this.#ask();
  }

  check(): void {
    if (this.#own !== null) this.#own.check();
    else if (this.#tell !== null) this.#ask();
  }

  close(): void {
    this.#tell = null;
    this.#isOpen = false;
    this.#calm();
    this.#own?.close();
    this.#own = null;
    this.#say('gone');
  }

  #ask(): void {
    this.#say('seen');
    this.#waiting ??= setTimeout(() => this.#lost(), patience);
  }

  #say(what: Said): void {
    this.#worker?.port.postMessage(what, []);
  }

  #calm(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }

  #take([type, data]: Passed): void {
    this.#calm();
    this.#answered = true;
    if (type === 'here' || this.#tell === null) return;
    if (type === 'open' || type === 'error') this.#isOpen = type === 'open';
    this.#tell(type, data);
  }

  /** It did answer once: the tab that it lived with has crashed, and there is to be another one. */
  #lost(): void {
    this.#calm();
    this.#isOpen = false;
    // It may be slow, and must not keep a line for this tab.
    this.#say('gone');
    this.#worker = this.#answered ? this.#begin() : null;
    this.#answered = false;
    if (this.#tell !== null) this.open(this.#tell);
  }

  #begin(): SharedWorker | null {
    if (!('SharedWorker' in window)) return null;
    try {
      const worker = new SharedWorker(new URL('./hub.worker.ts', import.meta.url), { type: 'module', name: this.#address });
      const isMine = () => worker === this.#worker;
      worker.addEventListener('error', () => isMine() && this.#lost());
      worker.port.addEventListener('message', ({ data }: MessageEvent<Passed>) => isMine() && this.#take(data));
      worker.port.start();
      return worker;
    } catch {
      // Some browsers have them and allow none.
      return null;
    }
  }
}
