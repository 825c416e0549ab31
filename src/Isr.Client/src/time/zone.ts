/** The recorder's clock. All times on the page are milliseconds since 1970; only here do they become hours of a day. */

export interface ZoneTable {
  zone: string;
  /** From when on local time is so many minutes ahead of UTC; the first holds before, too. */
  offsets: { from: string; minutes: number }[];
}

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export class Zone {
  readonly name: string;
  readonly #from: number[];
  readonly #offset: number[];

  constructor({ zone, offsets }: ZoneTable) {
    this.name = zone;
    this.#from = offsets.map(({ from }) => Date.parse(from));
    this.#offset = offsets.map(({ minutes }) => minutes * minute);
  }

  /** Milliseconds that local time is ahead of UTC. */
  offset(at: number): number {
    let low = 0;
    let high = this.#from.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#from[middle]! <= at) low = middle;
      else high = middle;
    }
    return this.#offset[low] ?? 0;
  }

  /** `2026-11-20`. */
  date(at: number): string {
    return new Date(at + this.offset(at)).toISOString().slice(0, 10);
  }

  /** Milliseconds of the local day that the clock shows. */
  timeOfDay(at: number): number {
    return modulo(at + this.offset(at), day);
  }

  /** `02:31:30`, with so many decimals of the second. */
  clock(at: number, decimals: 0 | 1 | 2 | 3 = 0): string {
    const text = new Date(at + this.offset(at)).toISOString();
    return decimals === 0 ? text.slice(11, 19) : text.slice(11, 20 + decimals);
  }

  /** The same; where the clock shows it twice, with what tells both apart: `02:31:30 +02:00`. */
  exactClock(at: number, decimals: 0 | 1 | 2 | 3 = 0): string {
    return this.isRepeated(at) ? `${this.clock(at, decimals)} ${this.offsetText(at)}` : this.clock(at, decimals);
  }

  /** `+01:00`. */
  offsetText(at: number): string {
    const minutes = Math.round(this.offset(at) / minute);
    const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
    return `${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`;
  }

  /** `2026-11-20T02:31:30.400+01:00`. */
  iso(at: number): string {
    return new Date(at + this.offset(at)).toISOString().slice(0, 23) + this.offsetText(at);
  }

  /** `2026-11-20T02:31:30.4`: by the recorder's clock, with its offset only where the clock shows that twice. */
  written(at: number): string {
    const text = `${this.date(at)}T${this.clock(at, 3)}`.replace(/\.?0+$/, '');
    return this.isRepeated(at) ? text + this.offsetText(at) : text;
  }

  /** Reads that, and any time with its offset; null for what is no time. */
  read(text: string): number | null {
    const local = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.exec(text);
    const at = Date.parse(local === null ? text : `${text}Z`);
    if (Number.isNaN(at)) return null;
    return local === null ? at : (this.instants(local[1]!, modulo(at, day))[0] ?? null);
  }

  /** When the clock shows that: once as a rule, never in the hour that is left out, twice in the one that is repeated. */
  instants(date: string, timeOfDay: number): number[] {
    const local = Date.parse(`${date}T00:00:00Z`) + timeOfDay;
    if (Number.isNaN(local)) return [];
    const offsets = new Set([this.offset(local - day), this.offset(local), this.offset(local + day)]);
    return [...offsets].map((offset) => local - offset).filter((at) => at + this.offset(at) === local).toSorted((a, b) => a - b);
  }

  isRepeated(at: number): boolean {
    return this.instants(this.date(at), this.timeOfDay(at)).length > 1;
  }

  /** When the local day begins; not always at midnight. */
  begin(date: string): number {
    const first = this.instants(date, 0)[0];
    if (first !== undefined) return first;
    // The clock leaps over midnight: the day begins where it lands.
    const before = Date.parse(`${date}T00:00:00Z`) - day;
    const leap = this.#from.find((from) => from > before && from < before + 3 * day && this.date(from) === date);
    return leap ?? Date.parse(`${date}T00:00:00Z`);
  }
}

/** `2026-11-20` and so many days on. Calendar arithmetic only. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * day).toISOString().slice(0, 10);
}

export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
