import type { DaySummary } from './days';

/** Which recordings are listed; empty is no limit. */
export interface Filter {
  /** Part of the name. */
  readonly q: string;
  /** Local dates, both included. */
  readonly from: string;
  readonly to: string;
  readonly source: string;
}

export const noFilter: Filter = { q: '', from: '', to: '', source: '' };

export function isFiltering(filter: Filter): boolean {
  return filter.q.trim() !== '' || filter.from !== '' || filter.to !== '' || filter.source !== '';
}

/** Whether a recording would be listed. */
export function passes({ q, from, to, source }: Filter, name: string, date: string, itsSource: string): boolean {
  return name.toLowerCase().includes(q.trim().toLowerCase()) && (from === '' || date >= from) && (to === '' || date <= to) && (source === '' || source === itsSource);
}

export function daysPath(filter: Filter): string {
  return path('api/days', [['from', filter.from], ['to', filter.to], ['q', filter.q.trim()], ['source', filter.source]]);
}

/** Recordings of one of the days that are listed. */
export function filesPath(date: string, filter: Filter): string {
  return path('api/files', [['from', date], ['to', date], ['q', filter.q.trim()], ['source', filter.source]]);
}

/** All recordings that are listed, so many at a time; `after` is the place in the list at which the page before ended. */
export function pagePath(filter: Filter, limit: number, after: string | null): string {
  return path('api/files', [['from', filter.from], ['to', filter.to], ['q', filter.q.trim()], ['source', filter.source], ['limit', String(limit)], ['after', after ?? '']]);
}

/** That place, of a `Link` that leads to the next page; its address may be another behind a proxy. */
export function placeIn(link: string | null): string | null {
  const place = /[?&]after=([^&>]+)[^>]*>;\s*rel="next"/.exec(link ?? '')?.[1];
  return place === undefined ? null : decodeURIComponent(place.replaceAll('+', ' '));
}

export function countOf(days: readonly DaySummary[]): number {
  return days.reduce((sum, { recordings }) => sum + recordings, 0);
}

function path(route: string, parameters: readonly [string, string][]): string {
  const said = parameters.filter(([, value]) => value !== '').map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return said.length === 0 ? route : `${route}?${said.join('&')}`;
}
