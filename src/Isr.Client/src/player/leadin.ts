import { request, streamUrl } from '../api/client';
import type { Recording } from '../api/types';

/**
 * How Chromium's clock differs from what it plays of an MP3 file. What is dropped at its beginning is counted only until it seeks. Where a seek
 * lands is calculated from bytes, with the Info frame counted among them, and rounded to frames: in the second half that is one frame too far.
 */
export interface LeadIn {
  /** Seconds of sound that are dropped at the beginning. */
  readonly dropped: number;
  /** Seconds of one frame; 0 where seeking is not calculated so. */
  readonly frame: number;
}

export const noLeadIn: LeadIn = { dropped: 0, frame: 0 };

/** What a decoder drops besides what the tag says, in samples: its own delay. */
const decoderDelay = 529;
const headBytes = 4096;
const kept = new Map<string, Promise<LeadIn>>();
const mostKept = 200;
const isChromium = typeof navigator !== 'undefined' && /Chrome\//.test(navigator.userAgent);

/** Only MP3 files have one; null where there is nothing to ask for. */
export function leadIn({ name, sample_rate }: Recording): Promise<LeadIn> | null {
  if (!isChromium || !name.toLowerCase().endsWith('.mp3') || sample_rate === null) return null;
  let known = kept.get(name);
  if (known === undefined) {
    known = request(streamUrl(name), { headers: { Range: `bytes=0-${headBytes - 1}` }, cache: 'no-store' })
      .then(async (answer) => readLeadIn(new Uint8Array(await answer.arrayBuffer()), sample_rate))
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

/** Seconds that the clock is ahead of what is played, once it has sought to that part of the recording, from 0 to 1. */
export function aheadOnceSought({ dropped, frame }: LeadIn, part: number): number {
  return part > 0.5 ? dropped - frame : dropped;
}

/** Reads the Info frame and the LAME tag behind its own fields. */
export function readLeadIn(head: Uint8Array, rate: number): LeadIn {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  // An ID3v2 tag comes first; its length has seven bits in each byte.
  const tag = text(head, 0, 3) === 'ID3' && head.length > 10 ? 10 + head.subarray(6, 10).reduce((sum, byte) => sum * 128 + byte, 0) : 0;
  const info = [36, 21, 13].map((offset) => tag + offset).find((at) => ['Info', 'Xing'].includes(text(head, at, 4)));
  if (info === undefined || info + 8 > head.length) return noLeadIn;
  const isFirstVersion = ((head[tag + 1] ?? 0) & 0x18) === 0x18;
  const frame = text(head, info, 4) === 'Info' ? (isFirstVersion ? 1152 : 576) / rate : 0;
  const fields = view.getUint32(info + 4);
  const lame = info + 8 + (fields & 1 ? 4 : 0) + (fields & 2 ? 4 : 0) + (fields & 4 ? 100 : 0) + (fields & 8 ? 4 : 0);
  if (lame + 24 > head.length || !['LAME', 'Lavf', 'Lavc'].includes(text(head, lame, 4))) return { dropped: 0, frame };
  return { dropped: ((view.getUint16(lame + 21) >> 4) + decoderDelay) / rate, frame };
}

function text(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
