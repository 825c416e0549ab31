import { Store } from '../store';
import { around, dayOf, holds, lengthOf, longest, type Span } from '../time/span';
import { day, hour, second, type Zone } from '../time/zone';

export type View = 'day' | 'recordings' | 'sources';

/** Where on the page somebody is. The address says it, so that every moment can be shared. */
export interface Place {
  readonly view: View;
  /** What the lanes show. */
  readonly span: Span;
  /** The source and the moment at hand; null before one was chosen. */
  readonly source: string | null;
  readonly at: number | null;
  /** What the player shows of it. */
  readonly stretch: Span;
  /** Between the handles; null while nothing is marked. */
  readonly cut: Span | null;
}

/** The player shows so much of a moment that was asked for. */
export const usualStretch = 20 * second;
export const stretchLimits = { shortest: second / 20, longest };

const views: readonly View[] = ['day', 'recordings', 'sources'];

export function initialPlace(zone: Zone, now: number): Place {
  const span = dayOf(zone, zone.date(now));
  return { view: 'day', span, source: null, at: null, stretch: around(now, usualStretch), cut: null };
}

/** Reads the query of an address; what is wrong in it is left out. */
export function readPlace(query: string, zone: Zone, now: number): Place {
  const asked = new URLSearchParams(query);
  const usual = initialPlace(zone, now);
  const at = timeOf(asked.get('at'), zone);
  const view = views.find((name) => name === asked.get('view')) ?? 'day';
  const length = Number(asked.get('len')) * second;
  const cut = spanOf(asked.get('cut-from'), asked.get('cut-to'), Infinity, zone);
  return {
    view,
    span: dayNamed(asked.get('day'), zone) ?? spanOf(asked.get('from'), asked.get('to'), longest, zone) ?? (at === null ? usual.span : dayOf(zone, zone.date(at))),
    source: asked.get('source'),
    at,
    stretch: around(at ?? now, length >= stretchLimits.shortest && length <= longest ? length : usualStretch),
    cut,
  };
}

/** The address's query, `?…`; empty for today's first view. */
export function writePlace(place: Place, zone: Zone, now: number): string {
  const said: [string, string][] = [];
  if (place.view !== 'day') said.push(['view', place.view]);
  const date = zone.date(place.span.from);
  const whole = dayOf(zone, date);
  if (whole.from !== place.span.from || whole.to !== place.span.to) {
    said.push(['from', zone.written(place.span.from)], ['to', zone.written(place.span.to)]);
  } else if (date !== zone.date(now)) said.push(['day', date]);
  if (place.source !== null) said.push(['source', place.source]);
  if (place.at !== null) {
    said.push(['at', zone.written(place.at)]);
    if (lengthOf(place.stretch) !== usualStretch) said.push(['len', String(Math.round(lengthOf(place.stretch)) / second)]);
  }
  if (place.cut !== null) said.push(['cut-from', zone.written(place.cut.from)], ['cut-to', zone.written(place.cut.to)]);
  return said.length === 0 ? '' : `?${said.map(([name, value]) => `${name}=${readable(value)}`).join('&')}`;
}

/** The day of the lists beside the lanes: the middle's while about a day is shown, of more the one at hand. */
export function dayAtHand({ span, at }: Place, zone: Zone, now: number): string {
  if (lengthOf(span) > 1.5 * day && at !== null && holds(span, at)) return zone.date(at);
  const middle = (span.from + span.to) / 2;
  return zone.date(lengthOf(span) > 1.5 * day && now < middle && now > span.from ? now : middle);
}

export class PlaceStore extends Store<Place> {
  readonly zone: Zone;

  constructor(place: Place, zone: Zone) {
    super(place);
    this.zone = zone;
  }

  /** Puts it into the address: another view or source is a step that the browser's “back” undoes, all else replaces. */
  write(now: number): void {
    const query = writePlace(this.value, this.zone, now);
    if (query === window.location.search) return;
    const before = readPlace(window.location.search, this.zone, now);
    const isStep = before.view !== this.value.view || before.at !== this.value.at;
    window.history[isStep ? 'pushState' : 'replaceState'](null, '', query === '' ? window.location.pathname : query);
  }

  /** Goes where the address says. */
  read(now: number): void {
    this.set(readPlace(window.location.search, this.zone, now));
  }

  showDay(date: string): void {
    this.patch({ span: dayOf(this.zone, date) });
  }

  /** Goes to a moment: the lanes move only when they do not show it. */
  goTo(source: string | null, at: number, length: number = lengthOf(this.value.stretch)): void {
    const { span } = this.value;
    this.patch({
      source,
      at,
      stretch: around(at, Math.min(length, hour)),
      span: holds(span, at) ? span : dayOf(this.zone, this.zone.date(at)),
    });
  }
}

/** As it may stand in a query: spaces become plus signs, and what means nothing there stays as it is. */
function readable(value: string): string {
  return encodeURIComponent(value).replaceAll('%20', '+').replace(/%(3A|2C|2F|40)/g, (code) => decodeURIComponent(code));
}

/** A plus sign that was typed as it is comes as a space. */
function timeOf(text: string | null, zone: Zone): number | null {
  return text === null ? null : zone.read(text.replace(' ', '+'));
}

function spanOf(from: string | null, to: string | null, most: number, zone: Zone): Span | null {
  const [begin, end] = [timeOf(from, zone), timeOf(to, zone)];
  return begin !== null && end !== null && end > begin && end - begin <= most ? { from: begin, to: end } : null;
}

function dayNamed(date: string | null, zone: Zone): Span | null {
  return date !== null && /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(Date.parse(date)) ? dayOf(zone, date) : null;
}
