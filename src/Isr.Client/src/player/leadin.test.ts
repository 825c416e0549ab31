import { describe, expect, it } from 'vitest';
import { aheadOnceSought, readLeadIn } from './leadin';

/** The head of an MP3 file: a tag of so many bytes, and a first frame with what stands in it. */
function head(tag: number, name: string, fields: number, coder: string, delay: number): Uint8Array {
  const bytes = new Uint8Array(1024);
  const put = (at: number, text: string) => bytes.set([...text].map((letter) => letter.charCodeAt(0)), at);
  if (tag > 0) {
    put(0, 'ID3');
    bytes.set([0, 0, (tag - 10) >> 7, (tag - 10) & 127], 6);
  }
  bytes.set([0xff, 0xfb], tag);
  put(tag + 36, name);
  bytes[tag + 43] = fields;
  const size = 8 + (fields & 1) * 4 + (fields & 2) * 2 + (fields & 4) * 25 + (fields & 8) / 2;
  put(tag + 36 + size, coder);
  bytes.set([delay >> 4, (delay & 15) << 4], tag + 36 + size + 21);
  return bytes;
}

const rate = 48_000;
const frame = 1152 / rate;

describe('readLeadIn', () => {
  it('adds the delay of the decoder to that of the tag', () => {
    expect(readLeadIn(head(0, 'Info', 15, 'LAME', 1775), rate)).toEqual({ dropped: 2304 / rate, frame });
    expect(readLeadIn(head(300, 'Xing', 3, 'Lavf', 576), rate)).toEqual({ dropped: 1105 / rate, frame: 0 });
  });
  it('finds nothing to be dropped without such a tag', () => {
    expect(readLeadIn(head(0, 'Info', 15, '', 576), rate)).toEqual({ dropped: 0, frame });
    expect(readLeadIn(head(0, '', 15, 'LAME', 576), rate)).toEqual({ dropped: 0, frame: 0 });
    expect(readLeadIn(new Uint8Array(0), rate)).toEqual({ dropped: 0, frame: 0 });
    expect(readLeadIn(head(0, 'Info', 15, 'LAME', 1775).subarray(0, 150), rate)).toEqual({ dropped: 0, frame });
  });
});

describe('aheadOnceSought', () => {
  it('is what is dropped, and a frame less in the second half', () => {
    expect(aheadOnceSought({ dropped: 0.052, frame: 0.026 }, 0.3)).toBe(0.052);
    expect(aheadOnceSought({ dropped: 0.052, frame: 0.026 }, 0.7)).toBe(0.026);
  });
});
