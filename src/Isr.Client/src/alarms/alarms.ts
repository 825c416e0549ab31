import { clock } from '../format';
import { lengthInWords } from '../recordings/words';

/** Something that is not as it should be, and goes on. */
export interface Alarm {
  id: string;
  kind: string;
  /** Null for what concerns all. */
  source: string | null;
  /** ISO 8601, the recorder's own time. */
  since: string;
  sentence: string;
}

/** One that is over, or whose end nobody has seen. */
export interface PastAlarm extends Alarm {
  until: string | null;
  /** What became of it. */
  ending: string | null;
}

export interface AlarmsAnswer {
  active: Alarm[];
  past: PastAlarm[];
}

/** An alarm began or ended. */
export interface AlarmEvent extends Alarm {
  state: 'began' | 'ended';
}

/** More would leave no room for what the page is there for. */
const most = 3;

/** The newest of them, and how many more there are. */
export function shown(alarms: readonly Alarm[]): { first: Alarm[]; more: number } {
  return { first: alarms.toReversed().slice(0, most), more: Math.max(0, alarms.length - most) };
}

export function since(alarm: Alarm, today: string | null): string {
  return `since ${clock(alarm.since, today)}`;
}

/** `Sat 21 Nov, 23:10 for 5 min`. */
export function pastInWords({ since: from, until }: PastAlarm, today: string | null): string {
  if (until === null) return `${clock(from, today)}, its end is not known`;
  return `${clock(from, today)} for ${lengthInWords((Date.parse(until) - Date.parse(from)) / 1000)}`;
}
