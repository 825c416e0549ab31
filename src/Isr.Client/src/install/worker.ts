/** The service worker: keeps the page itself, so that it opens and says what is wrong when the server does not answer. Nothing else is kept. */
import { handlingOf, isPage, partsOf } from './shell';

interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker extends EventTarget {
  readonly registration: { readonly scope: string };
  skipWaiting(): Promise<void>;
}

const worker = self as unknown as Worker;
const { scope } = worker.registration;
/** Other pages of this host may have theirs. */
const prefix = `isr ${scope} `;
/** A server that is on its way out, or a network that is none, may be silent for minutes. */
const patience = 5000;

worker.addEventListener('install', (event) => {
  void worker.skipWaiting();
  (event as Extendable).waitUntil(fetch(scope).then(keep));
});

worker.addEventListener('fetch', (event) => {
  const fetching = event as Fetching;
  const handling = handlingOf(fetching.request, scope);
  if (handling === 'page') fetching.respondWith(page(fetching));
  else if (handling === 'part') fetching.respondWith(part(fetching.request));
});

/** From the server; what was kept where that does not answer. */
async function page(fetching: Fetching): Promise<Response> {
  const asked = fetch(fetching.request);
  const silence = new Promise<null>((resolve) => setTimeout(() => resolve(null), patience));
  const answer = await Promise.race([asked, silence]).catch(() => null);
  if (answer === null || answer.status >= 500) return (await kept()) ?? answer ?? asked;
  fetching.waitUntil(keep(answer.clone()));
  return answer;
}

/** Their names say what is in them. */
async function part(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** Keeps the page with all its parts, or nothing; what was kept of other versions goes when this one is whole. */
async function keep(answer: Response): Promise<void> {
  if (!isPage(answer)) return;
  const html = await answer.clone().text();
  const parts = partsOf(html);
  if (parts === null) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(html)));
  const name = prefix + [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const cache = await caches.open(name);
  if ((await cache.match(scope)) === undefined) {
    await cache.addAll(parts.map((path) => new URL(path, scope).href));
    // Last: where it is, all is.
    await cache.put(scope, answer);
  }
  const names = await caches.keys();
  await Promise.all(names.filter((other) => other.startsWith(prefix) && other !== name).map((other) => caches.delete(other)));
}

async function kept(): Promise<Response | null> {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  const pages = await Promise.all(names.map(async (name) => (await caches.open(name)).match(scope)));
  return pages.find((found) => found !== undefined) ?? null;
}
