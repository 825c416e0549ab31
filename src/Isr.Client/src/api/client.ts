/** Requests to the server. Addresses are relative to the page, so that it also works below a path. */

export const unreachable = 'The server does not answer.';

/** An answer that is no success; its message is the server's sentence. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Whether the same may be answered later. What the server says of the thing itself stays true. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof Refusal) || error.status >= 500 || error.status === 429;
}

/** Asks; throws a sentence that people can read. */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Error(unreachable, { cause: error });
  }
  if (response.status === 401) signIn();
  if (!response.ok && response.status !== 304) throw new Refusal(response.status, await sentence(response));
  return response;
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, { headers: { Accept: 'application/json' }, cache: 'no-store', ...(signal && { signal }) });
  return (await response.json()) as T;
}

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
    const response = await request(this.#path, { headers, cache: 'no-store' });
    const date = Date.parse(response.headers.get('Date') ?? '');
    if (!Number.isNaN(date)) this.serverTime = date;
    if (response.status === 304 && this.#value !== null) return this.#value;
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

export function liveUrl(source: string): string {
  return `live/${encodeName(source)}`;
}

export function downloadUrl(name: string): string {
  return `download/${encodeName(name)}`;
}

export function fileUrl(name: string): string {
  return `api/files/${encodeName(name)}`;
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
