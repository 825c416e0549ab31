import { LevelBoard, type Levels, stale } from '../levels/levels';
import { sentence } from '../sources/sentence';
import { Store } from '../store';
import { Resource } from './client';
import type { DiskSpace, LevelReading, Recording, RecorderStatus, RecordingEvent, SourceStatus } from './types';

const pollEvery = 15_000;
const settle = 300;

export interface Data {
  /** Newest first; null until the first answer. */
  files: Recording[] | null;
  status: RecorderStatus | null;
  disk: DiskSpace | null;
  /** Why the last request for the list or the status failed; what is shown may be old. */
  error: string | null;
  /** Milliseconds the server's clock is ahead of this one. */
  ahead: number;
}

/** Keeps the data current: events while the page is seen, polling beside them, nothing while it is hidden. */
export class Feed {
  readonly data = new Store<Data>({ files: null, status: null, disk: null, error: null, ahead: 0 });

  /** Apart from the rest: they change ten times a second. */
  readonly levels = new Store<Levels>(new Map());

  readonly #board = new LevelBoard();
  #silence: ReturnType<typeof setTimeout> | undefined;
  readonly #files = new Resource<Recording[]>('api/files');
  readonly #status = new Resource<RecorderStatus>('api/status');
  readonly #disk = new Resource<DiskSpace>('api/storage');
  readonly #tell: (text: string) => void;
  #events: EventSource | null = null;
  #poll: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  start(): void {
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#close() : this.#open()));
    if (!document.hidden) this.#open();
  }

  /** Fetches everything; a call while one runs makes it run once more. */
  refresh(): Promise<void> {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#fetchAll(true).finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        void this.refresh();
      }
    });
    return this.#running;
  }

  #open(): void {
    this.#connect();
    void this.refresh();
    clearInterval(this.#poll);
    this.#poll = setInterval(() => {
      if (this.#events?.readyState === EventSource.OPEN) {
        if (this.#running === null) void this.#fetchAll(false);
        return;
      }
      if (this.#events?.readyState !== EventSource.CONNECTING) this.#connect();
      void this.refresh();
    }, pollEvery);
  }

  #close(): void {
    this.#events?.close();
    this.#events = null;
    clearInterval(this.#poll);
    clearTimeout(this.#soon);
    this.#forget();
  }

  #connect(): void {
    this.#events?.close();
    const events = new EventSource('api/events?levels=1');
    this.#events = events;
    // Something may have happened while nobody listened.
    events.addEventListener('open', () => this.#refreshSoon());
    events.addEventListener('recording', (message: MessageEvent<string>) => {
      const event = JSON.parse(message.data) as RecordingEvent;
      this.#tell(`Recording ${event.kind}: ${event.source ?? event.name}`);
      this.#refreshSoon();
    });
    events.addEventListener('source', (message: MessageEvent<string>) => {
      this.#patchSource(JSON.parse(message.data) as SourceStatus);
    });
    events.addEventListener('levels', (message: MessageEvent<string>) => {
      this.levels.set(this.#board.take(JSON.parse(message.data) as LevelReading[], performance.now()));
      clearTimeout(this.#silence);
      this.#silence = setTimeout(() => this.#forget(), stale);
    });
  }

  /** Nothing was heard for a while, or nobody listens any more. */
  #forget(): void {
    clearTimeout(this.#silence);
    this.levels.set(this.#board.take([], Infinity));
  }

  #refreshSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.refresh(), settle);
  }

  #patchSource(source: SourceStatus): void {
    const { status } = this.data.value;
    const before = status?.sources?.find(({ name }) => name === source.name);
    if (status?.sources === undefined || before === undefined) {
      this.#refreshSoon();
      return;
    }
    const told = sentence(source, status.updated ?? null);
    if (told.kind !== sentence(before, null).kind) this.#tell(`${source.name}: ${told.text}`);
    const sources = status.sources.map((old) => (old.name === source.name ? { ...old, ...source } : old));
    this.data.patch({ status: { ...status, sources } });
  }

  async #fetchAll(withFiles: boolean): Promise<void> {
    const [files, status, disk] = await Promise.allSettled([
      withFiles || this.data.value.files === null || this.data.value.error !== null ? this.#files.get() : this.data.value.files,
      this.#status.get(),
      this.#disk.get(),
    ]);
    const failed = [files, status].find((result) => result.status === 'rejected');
    const { serverTime } = this.#status;
    const ahead = serverTime === null ? 0 : serverTime + 500 - Date.now();
    this.data.patch({
      ...(files.status === 'fulfilled' && { files: files.value }),
      ...(status.status === 'fulfilled' && { status: status.value }),
      ...(disk.status === 'fulfilled' && { disk: disk.value }),
      ...(status.status === 'fulfilled' && { ahead: Math.abs(ahead) < 2000 ? 0 : ahead }),
      error: failed === undefined ? null : (failed.reason as Error).message,
    });
  }
}
