import type { Latest } from '../archive/latest';
import type { Section, SectionsAnswer } from '../archive/types';
import type { Mark } from '../marks/mark';
import type { Marks } from '../marks/marks';
import { Sayings } from '../marks/said';
import { dayAtHand, type PlaceStore } from '../page/place';
import { Store } from '../store';
import { dayOf, type Span } from '../time/span';
import type { Zone } from '../time/zone';
import type { Entry } from './entry';
import { answered, type Order, ordered, within } from './order';
import { matches, type Show, shows } from './search';

interface ReviewState {
  readonly order: Order;
  /** What is searched for; empty for the day at hand. */
  readonly find: string;
  readonly show: Show;
}

/** What there is to review: of the day at hand, or what a search finds in all that the lanes show. */
export interface Listed {
  /** In the order chosen; null until known. */
  readonly list: readonly Entry[] | null;
  /** All of the day or span, whatever of it is listed. */
  readonly all: readonly Entry[];
}

const nothing: readonly Entry[] = [];

interface Parts {
  readonly zone: Zone;
  readonly now: () => number;
  readonly place: PlaceStore;
  readonly sections: Latest<SectionsAnswer>;
  readonly marks: Marks;
}

/** The queue, the same for keys, the list and what plays it through. */
export class Review {
  readonly state = new Store<ReviewState>({ order: 'score', find: '', show: 'all' });
  readonly #parts: Parts;
  readonly #sayings = kept((marks: readonly Mark[]) => new Sayings(marks));
  readonly #within: (answer: SectionsAnswer | null, from: number, to: number, isSearch: boolean) => readonly Section[] | null;
  readonly #entries = kept((sections: readonly Section[] | null, sayings: Sayings) => sections?.map((section): Entry => ({ section, said: sayings.of(section) })) ?? null);
  readonly #listed: (all: readonly Entry[] | null, order: Order, find: string, show: Show) => Listed;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#within = kept((answer, from, to, isSearch) => (isSearch ? within(answer?.sections ?? [], { from, to }) : answered(answer, { from, to })));
    this.#listed = kept((all, order, find, show) => ({
      all: all ?? nothing,
      list: all === null ? null : ordered(all.filter((entry) => shows(show, entry) && matches(find, entry, parts.zone)), order),
    }));
  }

  /** As it is now; the same object as before where nothing changed. */
  get listed(): Listed {
    const { sections, marks } = this.#parts;
    const { order, find, show } = this.#asked;
    const { from, to } = this.span;
    const found = this.#within(sections.state.value.value, from, to, find !== '');
    return this.#listed(this.#entries(found, this.#sayings(marks.state.value.marks)), order, find, show);
  }

  /** Of which days it is. */
  get span(): Span {
    const { place, zone, now } = this.#parts;
    if (this.#asked.find === '') return dayOf(zone, dayAtHand(place.value, zone, now()));
    const { from, to } = place.value.span;
    return { from: dayOf(zone, zone.date(from)).from, to: dayOf(zone, zone.date(to - 1)).to };
  }

  /** Nothing is searched where nobody sees the search. */
  get #asked(): ReviewState {
    const { value } = this.state;
    return this.#parts.place.value.view === 'day' ? value : { ...value, find: '', show: 'all' };
  }

  subscribe(listener: () => void): () => void {
    const { place, sections, marks } = this.#parts;
    const leave = [this.state.subscribe(listener), place.subscribe(listener), sections.state.subscribe(listener), marks.state.subscribe(listener)];
    return () => {
      for (const off of leave) off();
    };
  }
}

/** Gives what it gave last while it is asked the same. */
function kept<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | null = null;
  return (...args) => {
    const before = last;
    if (before !== null && args.every((arg, i) => Object.is(arg, before.args[i]))) return before.result;
    last = { args, result: work(...args) };
    return last.result;
  };
}
