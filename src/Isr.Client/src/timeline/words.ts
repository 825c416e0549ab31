import type { CoverageFigures, Gap, Section } from '../archive/types';
import { day as dayName, plural } from '../format';
import { lengthOf, type Span } from '../time/span';
import { day, hour, minute, second, type Zone } from '../time/zone';

/** Short words for what the journal gives as a cause; its sentence says it at length. */
const causes: Readonly<Record<string, string>> = {
  link: 'connection lost',
  lost: 'source gone',
  xrun: 'buffer ran over',
  clock: 'clock set',
  disk: 'disk',
  stopped: 'isr was stopped',
  killed: 'isr was killed',
  starting: 'starting',
  stall: 'source stood still',
};

export function causeOf({ cause }: Gap): string {
  return causes[cause] ?? 'missing';
}

/** `missing: the server was away`. */
export function missing(gap: Gap): string {
  return `missing: ${gap.sentence ?? causes[gap.cause] ?? 'the journal does not tell why'}`;
}

/** `100 %`; never when something is missing. */
export function percentage({ percent, missing: seconds }: CoverageFigures): string {
  if (seconds <= 0) return '100 %';
  return `${(Math.floor(Math.min(percent, 99.9) * 10) / 10).toFixed(1)} %`;
}

/** `19 min`. */
export function roughly(length: number): string {
  if (length < second) return `${(length / second).toFixed(1)} s`;
  if (length < 99.5 * second) return `${Math.round(length / second)} s`;
  if (length < 99.5 * minute) return `${Math.round(length / minute)} min`;
  const minutes = Math.round(length / minute);
  if (length < 2 * day) return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(length / hour)} h`;
}

/** `1 gap, 19 min`. */
export function gapsInWords(gaps: number, seconds: number): string {
  return gaps === 0 || seconds <= 0 ? 'no gaps' : `${plural(gaps, 'gap')}, ${roughly(seconds * second)}`;
}

/** `Fri 20 Nov 02:31:30`. */
export function moment(zone: Zone, at: number, decimals: 0 | 1 | 2 | 3 = 0): string {
  return `${dayName(zone.date(at)).slice(0, -5)} ${zone.exactClock(at, decimals)}`;
}

/** As exact as pixels can tell. */
export function decimalsFor(span: Span, width: number): 0 | 1 | 2 {
  const pixel = lengthOf(span) / Math.max(1, width);
  return pixel > 200 ? 0 : pixel > 20 ? 1 : 2;
}

export interface Heard {
  readonly at: number;
  readonly gap: Gap | null;
  readonly section: Section | null;
  /** Root mean square, 1 is full scale; NaN where nothing was recorded. */
  readonly rms: number;
  /** Whether `rms` is there to be known. */
  readonly known: boolean;
}

/** `Fri 20 Nov 02:31:30, recorded, minus 41 decibels`. */
export function spokenMoment(zone: Zone, { at, gap, section, rms, known }: Heard, decimals: 0 | 1 | 2 = 0): string {
  const said = [moment(zone, at, decimals)];
  if (gap !== null) said.push(missing(gap));
  else if (!Number.isNaN(rms)) said.push('recorded', spokenLevel(rms));
  else if (section === null) said.push(known ? 'nothing recorded' : 'level not known yet');
  if (section !== null) said.push(`${Math.round(section.score)} decibels above noise`);
  return said.join(', ');
}

function spokenLevel(rms: number): string {
  if (rms <= 1e-6) return 'silence';
  const decibels = Math.round(20 * Math.log10(rms));
  return decibels < 0 ? `minus ${-decibels} decibels` : `${Math.abs(decibels)} decibels`;
}
