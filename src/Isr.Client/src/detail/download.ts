import { request } from '../api/client';

/** Larger ones are left to the browser, which writes them to the disk as they come. */
const keptWhole = 32e6;

/** Downloads what may be refused: throws the server's sentence instead of leaving the page or saving an error. */
export async function download(path: string): Promise<void> {
  const asking = new AbortController();
  const response = await request(path, { signal: asking.signal });
  const length = Number(response.headers.get('Content-Length') ?? Infinity);
  if (!(length <= keptWhole)) {
    asking.abort();
    save(path, '');
    return;
  }
  let bytes: Blob;
  try {
    bytes = await response.blob();
  } catch (error) {
    throw new Error('The download broke off. Try again.', { cause: error });
  }
  const address = URL.createObjectURL(bytes);
  save(address, nameIn(response.headers.get('Content-Disposition') ?? ''));
  // The browser reads it some time after the click.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** The file name of a `Content-Disposition`. */
export function nameIn(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="([^"]*)"/i.exec(disposition)?.[1];
  try {
    return encoded === undefined ? (plain ?? '') : decodeURIComponent(encoded);
  } catch {
    return plain ?? '';
  }
}

function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
