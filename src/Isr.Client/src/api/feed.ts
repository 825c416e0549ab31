import type { AlarmEvent } from '../alarms/alarms';
import { LevelBoard, type Levels } from '../levels/board';
import { stale } from '../levels/levels';
import { sentence } from '../sources/sentence';
import { Store } from '../store';
import { Resource } from './client';
import { beat } from './hub';
import type { Told } from './line';
import { SharedLine } from './shared';
import type { DiskSpace, LevelReading, RecorderStatus, RecordingEvent, SourceStatus } from './types';

const settle = 300;
/** Where events do not come, it goes on without them after so long. */
const patience = 1000;

export interface Data {
  status: RecorderStatus | null;
  disk: DiskSpace | null;
  /** Why the last request for the status failed; what is shown may be old. */
  error: string | null;
  /** Milliseconds the server's clock is ahead of this one. */
  ahead: number;
}

/** Says what goes on now, and when lists are old: by events while the page is seen, by polling beside them, nothing while it is hidden. */
export class Feed {
  readonly data = new Store<Data>({ status: null, disk: null, error: null, ahead: 0 });

  /** Counts what became of recordings: each time lists may be old. */
  readonly changes = new Store(0);

  /** Counts recordings whose levels became known. */
  readonly measured = new Store(0);

  /** Counts changes of what people say of recordings. */
  readonly marked = new Store(0);

  /** Counts alarms that began or ended. */
  readonly alarmed = new Store(0);

  readonly #board = new LevelBoard();

  /** Apart from the rest: what is in it changes ten times a second. */
  readonly levels = new Store<Levels>(this.#board.levels);

  /** What came last, of the sources that sounded; for whoever draws it as it comes. */
  readonly readings = new Store<readonly LevelReading[]>([]);

  #silence: ReturnType<typeof setTimeout> | undefined;
  readonly #status = new Resource<RecorderStatus>('api/status');
  readonly #disk = new Resource<DiskSpace>('api/storage');
  readonly #tell: (text: string) => void;
  readonly #line = new SharedLine('api/events?levels=1');
  #poll: ReturnType<typeof setInterval> | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #again = false;
  /** Until it is known whether events come. */
  #begun: (() => void) | null = null;
  readonly #end = new AbortController();

  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  /** Done when events come, or will not soon: what is asked for from then on is not old, and need not be asked for twice. */
  start(): Promise<void> {
    const look = () => {
      if (document.hidden) this.#close();
      else {
        this.#open();
        void this.refresh();
      }
    };
    document.addEventListener('visibilitychange', look, { signal: this.#end.signal });
    return new Promise((resolve) => {
      this.#begun = () => {
        this.#begun = null;
        void this.refresh();
        resolve();
      };
      if (document.hidden) this.#begun();
      else {
        this.#open();
        setTimeout(() => this.#begun?.(), patience);
      }
    });
  }

  stop(): void {
    this.#end.abort();
    this.#begun?.();
    this.#close();
  }

  /** Fetches everything; a call while one runs makes it run once more. */
  refresh(): Promise<void> {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#fetchAll().finally(() => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        void this.refresh();
      }
    });
    return this.#running;
  }

  #open(): void {
    this.#line.open((type, data) => this.#take(type, data));
    clearInterval(this.#poll);
    this.#poll = setInterval(() => {
      this.#line.check();
      if (this.#line.isOpen) {
        if (this.#running === null) void this.refresh();
        return;
      }
      // Nobody tells what happens; so all may have changed.
      this.#changed();
      void this.refresh();
    }, beat);
  }

  #close(): void {
    this.#line.close();
    clearInterval(this.#poll);
    clearTimeout(this.#soon);
    this.#forget();
  }

  #take(type: Told, data: string): void {
    switch (type) {
      case 'open':
        if (this.#begun !== null) this.#begun();
        // Something may have happened while nobody listened.
        else this.#changedSoon();
        break;
      case 'error':
        // Cut off: whether the server is gone is told at once. The line tries again by itself.
        if (this.#begun === null) void this.refresh();
        else this.#begun();
        break;
      case 'reset':
        this.#changedSoon();
        break;
      case 'recording': {
        const event = JSON.parse(data) as RecordingEvent;
        if (event.kind === 'started' || event.kind === 'ended') this.#tell(`Recording ${event.kind}: ${event.source ?? event.name}`);
        this.#changedSoon();
        break;
      }
      case 'analysis':
        this.measured.set(this.measured.value + 1);
        break;
      case 'marks':
        this.marked.set(this.marked.value + 1);
        break;
      case 'source':
        this.#patchSource(JSON.parse(data) as SourceStatus);
        break;
      case 'alarm': {
        const alarm = JSON.parse(data) as AlarmEvent;
        // A begin is told by the bar, which is an alert.
        if (alarm.state === 'ended') this.#tell(`Alarm over: ${alarm.sentence}`);
        this.alarmed.set(this.alarmed.value + 1);
        void this.refresh();
        break;
      }
      case 'levels':
        this.#measure(JSON.parse(data) as LevelReading[]);
        break;
    }
  }

  #measure(readings: LevelReading[]): void {
    this.#board.take(readings, performance.now());
    this.levels.tell();
    this.readings.set(readings);
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#forget(), stale);
  }

  /** Nothing was heard for a while, or nobody listens any more. */
  #forget(): void {
    clearTimeout(this.#silence);
    this.#board.forget(Infinity);
    this.levels.tell();
  }

  /** What happens at once is told at once: splits of many sources are one change. */
  #changedSoon(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => {
      this.#changed();
      void this.refresh();
    }, settle);
  }

  #changed(): void {
    this.changes.set(this.changes.value + 1);
  }

  #patchSource(source: SourceStatus): void {
    const { status } = this.data.value;
    const before = status?.sources?.find(({ name }) => name === source.name);
    if (status?.sources === undefined || before === undefined) {
      this.#changedSoon();
      return;
    }
    const told = sentence(source, status.updated ?? null);
    if (told.kind !== sentence(before, null).kind) this.#tell(`${source.name}: ${told.text}`);
    const sources = status.sources.map((old) => (old.name === source.name ? { ...old, ...source } : old));
    this.data.patch({ status: { ...status, sources } });
  }

  async #fetchAll(): Promise<void> {
    const [status, disk] = await Promise.allSettled([this.#status.get(), this.#disk.get()]);
    const { serverTime } = this.#status;
    const ahead = serverTime === null ? 0 : serverTime + 500 - Date.now();
    this.data.patch({
      ...(status.status === 'fulfilled' && { status: status.value, ahead: Math.abs(ahead) < 2000 ? 0 : ahead }),
      ...(disk.status === 'fulfilled' && { disk: disk.value }),
      error: status.status === 'rejected' ? (status.reason as Error).message : null,
    });
  }

  /** The recorder's time, in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.data.value.ahead;
  }
}
