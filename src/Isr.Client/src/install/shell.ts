/** What the page is made of, as its own index.html names it: everything of one version. */

const pattern = /<meta name="shell" content="([^"]*)">/;

/** The tag that names the parts. */
export function shellTag(parts: readonly string[]): string {
  return `<meta name="shell" content="${parts.join(' ')}">`;
}

/** Relative addresses; null where it is another page, such as the one to sign in on. */
export function partsOf(html: string): string[] | null {
  const parts = pattern.exec(html)?.[1]?.split(' ') ?? [];
  return parts.length > 0 && parts.every((part) => /^assets\/[\w.-]+$/.test(part)) ? parts : null;
}

/** Whether an answer to a navigation is the page, and may be kept. */
export function isPage({ ok, redirected, type, headers }: Pick<Response, 'ok' | 'redirected' | 'type' | 'headers'>): boolean {
  return ok && !redirected && type === 'basic' && (headers.get('Content-Type') ?? '').startsWith('text/html');
}

export type Handling = 'page' | 'part' | null;

/** What is to be done with a request: only the page itself and its parts are ever kept. `scope`: where the page is served. */
export function handlingOf({ method, mode, url }: Pick<Request, 'method' | 'mode' | 'url'>, scope: string): Handling {
  const { origin, pathname } = new URL(url);
  const base = new URL(scope);
  if (method !== 'GET' || origin !== base.origin || !pathname.startsWith(base.pathname)) return null;
  const path = pathname.slice(base.pathname.length);
  if (mode === 'navigate') return path === '' || path === 'index.html' ? 'page' : null;
  return /^assets\/[\w.-]+$/.test(path) ? 'part' : null;
}
