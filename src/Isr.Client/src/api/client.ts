/** Requests to the server. Addresses are relative to the page, so that it also works below a path. */

export const unreachable = 'The server does not answer.';

/** A JSON resource, asked for anew only when it changed. */
export class Resource<T> {
  readonly #path: string;
  #etag: string | null = null;
  #value: T | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** The server's clock at the last answer, in milliseconds; null before. */
  serverTime: number | null = null;

  /** The value; the same object as before when the server says it did not change. */
  async get(): Promise<T> {
    const headers: Record<string, string> = { Accept: 'application/json' };
    if (this.#etag !== null && this.#value !== null) headers['If-None-Match'] = this.#etag;
    let response: Response;
    try {
      response = await fetch(this.#path, { headers, cache: 'no-store' });
    } catch {
      throw new Error(unreachable);
    }
    if (response.status === 401) signIn();
    const date = Date.parse(response.headers.get('Date') ?? '');
    if (!Number.isNaN(date)) this.serverTime = date;
    if (response.status === 304 && this.#value !== null) return this.#value;
    if (!response.ok) throw new Error(await sentence(response));
    this.#value = (await response.json()) as T;
    this.#etag = response.headers.get('ETag');
    return this.#value;
  }
}

/** Leaves for the sign-in page, which leads back here. */
function signIn(): void {
  window.location.assign(`signin?next=${encodeURIComponent(`/${window.location.search}`)}`);
}

export function streamUrl(name: string, at: number | null = null): string {
  return `stream/${encodeName(name)}${at === null ? '' : `?at=${at}`}`;
}

export function downloadUrl(name: string): string {
  return `download/${encodeName(name)}`;
}

function encodeName(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

async function sentence(response: Response): Promise<string> {
  try {
    const problem: unknown = await response.json();
    if (typeof problem === 'object' && problem !== null && 'error' in problem) return String(problem.error);
  } catch {
    // Not the server's own answer; say what is known.
  }
  return `The server answered ${response.status}.`;
}
