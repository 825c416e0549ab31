import { plural } from '../format';
import { lengthOf, type Span } from '../time/span';
import { hour, minute, second, type Zone } from '../time/zone';
import type { LiveState } from './live';

/** `19 minutes missing, 08:06 to 08:25: passed over.` */
export function passedOver(span: Span, zone: Zone): string {
  return `${lengthInWords(lengthOf(span))} missing, ${clock(span.from, span, zone)} to ${clock(span.to, span, zone)}: passed over.`;
}

/** `Nothing was recorded at 08:10:00: playing from 08:25:00.` */
export function playedFrom({ from, to }: Span, zone: Zone): string {
  const day = zone.date(from) === zone.date(to) ? '' : ` on ${zone.date(to)}`;
  return `Nothing was recorded at ${zone.exactClock(from)}: playing from ${zone.exactClock(to)}${day}.`;
}

/** `live, 0.6 s behind`: behind what the recorder gets, where that is known. */
export function liveInWords({ waiting, behind }: Pick<LiveState, 'waiting' | 'behind'>): string {
  if (waiting) return 'waits for sound';
  return behind === null ? 'live' : `live, ${behind.toFixed(1)} s behind`;
}

export function lengthInWords(length: number): string {
  if (length < 90 * second) return plural(Math.max(1, Math.round(length / second)), 'second');
  if (length < 90 * minute) return plural(Math.round(length / minute), 'minute');
  if (length < 36 * hour) return plural(Math.round(length / hour), 'hour');
  return plural(Math.round(length / (24 * hour)), 'day');
}

function clock(at: number, span: Span, zone: Zone): string {
  const time = zone.exactClock(at);
  const told = lengthOf(span) < 10 * minute ? time : time.replace(/^(\d\d:\d\d):\d\d/, '$1');
  return zone.date(span.from) === zone.date(span.to) ? told : `${zone.date(at)} ${told}`;
}
