import { request, streamUrl } from '../api/client';
import type { Recording } from '../api/types';

/** What a decoder drops at the beginning besides what the tag says, in samples: its own delay. */
const decoderDelay = 529;
const headBytes = 4096;
const kept = new Map<string, Promise<number>>();
const mostKept = 200;

/** Chromium counts what is dropped at the beginning of an MP3 file only until it seeks: from then on it is so much behind its own clock. */
export const seeksBehind = typeof navigator !== 'undefined' && /Chrome\//.test(navigator.userAgent);

/** How many seconds of sound a player drops at the beginning of a recording; only MP3 files have that. */
export function leadIn({ name, sample_rate }: Recording): Promise<number> | 0 {
  if (!seeksBehind || !name.toLowerCase().endsWith('.mp3') || sample_rate === null) return 0;
  let known = kept.get(name);
  if (known === undefined) {
    known = request(streamUrl(name), { headers: { Range: `bytes=0-${headBytes - 1}` }, cache: 'no-store' })
      .then(async (answer) => droppedSamples(new Uint8Array(await answer.arrayBuffer())) / sample_rate)
      .catch((error: unknown) => {
        kept.delete(name);
        throw error;
      });
    kept.set(name, known);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  }
  return known;
}

/** Reads the LAME tag behind the Info frame's own fields. */
export function droppedSamples(head: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  // An ID3v2 tag comes first; its length has seven bits in each byte.
  const tag = text(head, 0, 3) === 'ID3' && head.length > 10 ? 10 + head.subarray(6, 10).reduce((sum, byte) => sum * 128 + byte, 0) : 0;
  const info = [36, 21, 13].map((offset) => tag + offset).find((at) => ['Info', 'Xing'].includes(text(head, at, 4)));
  if (info === undefined || info + 8 > head.length) return 0;
  const fields = view.getUint32(info + 4);
  const lame = info + 8 + (fields & 1 ? 4 : 0) + (fields & 2 ? 4 : 0) + (fields & 4 ? 100 : 0) + (fields & 8 ? 4 : 0);
  if (lame + 24 > head.length || !['LAME', 'Lavf', 'Lavc'].includes(text(head, lame, 4))) return 0;
  return (view.getUint16(lame + 21) >> 4) + decoderDelay;
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
