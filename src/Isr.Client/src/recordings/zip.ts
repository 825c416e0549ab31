import { request } from '../api/client';
import { download } from '../detail/download';
import { bytes, plural } from '../format';
import type { Picked } from './selection';

/** More are refused. */
export const mostInZip = 10_000;

interface ZipAnswer {
  path: string;
  files: number;
  bytes: number;
  name: string;
}

/** Has the browser download them as one file; gives a sentence, or throws one. */
export async function downloadZip(items: readonly Picked[]): Promise<string> {
  if (items.length > mostInZip) throw new Error(`A zip holds up to ${mostInZip.toLocaleString('en')} recordings. Select fewer, and download them in parts.`);
  const body = JSON.stringify({ files: items.map(({ name }) => name) });
  const response = await request('api/zip', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
  const zip = (await response.json()) as ZipAnswer;
  await download(zip.path);
  return `Downloading ${zip.name}: ${plural(zip.files, 'recording')}, ${bytes(zip.bytes)}.`;
}
