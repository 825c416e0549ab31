/** Numbers and times as people read them. English, one form everywhere. */

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Seconds as `h:mm:ss`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** Seconds in words, for screen readers: `1 hour 2 minutes 3 seconds`. */
export function spokenDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    plural(Math.floor(whole / 3600), 'hour'),
    plural(Math.floor(whole / 60) % 60, 'minute'),
    plural(whole % 60, 'second'),
  ].filter((part) => !part.startsWith('0 '));
  return parts.join(' ') || '0 seconds';
}

/** Bytes in decimal units, three digits at most before the unit changes. */
export function bytes(count: number): string {
  let value = Math.max(0, count);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

/** `2026-11-20` as `Fri 20 Nov 2026`. Calendar arithmetic only: no time zone takes part. */
export function day(date: string): string {
  const [year = NaN, month = NaN, dayOfMonth = NaN] = date.split('-').map(Number);
  const weekday = weekdays[new Date(Date.UTC(year, month - 1, dayOfMonth)).getUTCDay()];
  return weekday === undefined ? date : `${weekday} ${dayOfMonth} ${months[month - 1]} ${year}`;
}

/** The wall clock an ISO time was written with: `14:02`, with the day before it when that is not `today`. */
export function clock(iso: string, today: string | null = null): string {
  const time = iso.slice(11, 16);
  const date = iso.slice(0, 10);
  return today === null || date === today.slice(0, 10) ? time : `${day(date).slice(0, -5)}, ${time}`;
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
