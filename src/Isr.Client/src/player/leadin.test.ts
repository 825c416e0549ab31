import { describe, expect, it } from 'vitest';
import { droppedSamples } from './leadin';

/** The head of an MP3 file: a tag of so many bytes, and a first frame with what stands in it. */
function head(tag: number, name: string, fields: number, coder: string, delay: number): Uint8Array {
  const bytes = new Uint8Array(1024);
  const put = (at: number, text: string) => bytes.set([...text].map((letter) => letter.charCodeAt(0)), at);
  if (tag > 0) {
    put(0, 'ID3');
    bytes.set([0, 0, (tag - 10) >> 7, (tag - 10) & 127], 6);
  }
  put(tag + 36, name);
  bytes[tag + 43] = fields;
  const size = 8 + (fields & 1) * 4 + (fields & 2) * 2 + (fields & 4) * 25 + (fields & 8) / 2;
  put(tag + 36 + size, coder);
  bytes.set([delay >> 4, (delay & 15) << 4], tag + 36 + size + 21);
  return bytes;
}

describe('droppedSamples', () => {
  it('adds the delay of the decoder to that of the tag', () => {
    expect(droppedSamples(head(0, 'Info', 15, 'LAME', 1775))).toBe(2304);
    expect(droppedSamples(head(300, 'Xing', 3, 'Lavf', 576))).toBe(1105);
  });
  it('is nothing without such a tag', () => {
    expect(droppedSamples(head(0, 'Info', 15, '', 576))).toBe(0);
    expect(droppedSamples(head(0, '', 15, 'LAME', 576))).toBe(0);
    expect(droppedSamples(new Uint8Array(0))).toBe(0);
    expect(droppedSamples(head(0, 'Info', 15, 'LAME', 1775).subarray(0, 150))).toBe(0);
  });
});
