/** How loud which frequencies are, column after column, and how far the samples of each swing. */
export interface Spectrogram {
  readonly columns: number;
  readonly bins: number;
  /** Samples per second; the highest bin ends at half of it. */
  readonly rate: number;
  /** What the columns cover, in seconds of the recording. */
  readonly from: number;
  readonly to: number;
  /** Each column from its lowest frequency; half decibels, 255 is full scale. */
  readonly power: Uint8Array;
  /** The lowest and highest sample of each column; 32768 is full scale. */
  readonly low: Int16Array;
  readonly high: Int16Array;
}

const magic = 'isrspect';
const head = 48;

/** Reads what `/api/spectrogram` answers (docs/formats.md); throws a sentence where it is something else. */
export function readSpectrogram(answer: ArrayBuffer): Spectrogram {
  const view = new DataView(answer);
  if (answer.byteLength < head || String.fromCharCode(...new Uint8Array(answer, 0, magic.length)) !== magic) throw new Error('The server answered something that is no spectrogram.');
  if (view.getUint32(8, true) !== 1) throw new Error('The server is newer than this page. Load the page again.');
  const [columns, bins, rate] = [view.getUint32(12, true), view.getUint32(16, true), view.getUint32(20, true)];
  const [from, to] = [view.getFloat64(32, true), view.getFloat64(40, true)];
  const extremes = head + columns * bins + ((columns * bins) % 2);
  if (answer.byteLength !== extremes + columns * 4 || columns * bins === 0 || rate === 0 || !(to > from)) throw new Error('The server’s spectrogram is not whole.');
  const samples = (offset: number) => Int16Array.from({ length: columns }, (_, i) => view.getInt16(offset + 2 * i, true));
  return { columns, bins, rate, from, to, power: new Uint8Array(answer, head, columns * bins), low: samples(extremes), high: samples(extremes + 2 * columns) };
}

/** Decibels of full scale that a byte stands for. */
export function decibelsOf(byte: number): number {
  return (byte - 255) / 2;
}
