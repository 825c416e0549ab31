/** What events there are; a line tells besides that it is `open`, and that it was cut off or refused: `error`. */
const types = ['reset', 'recording', 'analysis', 'marks', 'source', 'alarm', 'levels'] as const;

export type Told = (typeof types)[number] | 'open' | 'error';
export type Tell = (type: Told, data: string) => void;

/** Where events come from. */
export interface Line {
  readonly isOpen: boolean;
  /** To be called every few seconds: what does not go on by itself is begun anew. */
  check(): void;
  close(): void;
}

/** One stream of events from the server. */
export class OwnLine implements Line {
  readonly #address: string;
  readonly #tell: Tell;
  #events: EventSource;

  constructor(address: string, tell: Tell) {
    this.#address = address;
    this.#tell = tell;
    this.#events = this.#connect();
  }

  get isOpen(): boolean {
    return this.#events.readyState === EventSource.OPEN;
  }

  /** Cut off, a browser tries again by itself; refused, it does not. */
  check(): void {
    if (this.#events.readyState === EventSource.CLOSED) this.#events = this.#connect();
  }

  close(): void {
    this.#events.close();
  }

  #connect(): EventSource {
    const events = new EventSource(this.#address);
    for (const type of ['open', 'error'] as const) events.addEventListener(type, () => this.#tell(type, ''));
    for (const type of types) events.addEventListener(type, ({ data }: MessageEvent<string>) => this.#tell(type, data));
    return events;
  }
}
