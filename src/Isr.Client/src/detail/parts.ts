/** Where on the picture what is drawn, in CSS pixels; detail.css says the same of what lies over it. */

/** Left of the plot, for the numbers of the frequency axis. */
export const gutter = 36;
/** Below it, for the times. */
export const axis = 20;
const between = 6;
const spectrumShare = 0.68;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Parts {
  readonly spectrum: Box;
  readonly wave: Box;
}

export function partsOf(width: number, height: number): Parts {
  const plot = Math.max(1, width - gutter);
  const room = Math.max(3, height - axis - between);
  const spectrum = Math.round(room * spectrumShare);
  return {
    spectrum: { x: gutter, y: 0, width: plot, height: spectrum },
    wave: { x: gutter, y: spectrum + between, width: plot, height: room - spectrum },
  };
}

/** The frequencies that are written beside a spectrogram which ends at `top`, in Hz; with room between them. */
export function frequencies(top: number, height: number, room = 40): number[] {
  const least = (top / Math.max(1, height)) * room;
  const step = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000].find((candidate) => candidate >= least);
  if (step === undefined) return [];
  return Array.from({ length: Math.floor(top / step) }, (_, i) => (i + 1) * step);
}

/** `500`, `4k`, `2.5k`. */
export function frequencyText(hertz: number): string {
  return hertz < 1000 ? String(hertz) : `${hertz / 1000}k`;
}

/** How many times a wave is drawn larger than it is, so that quiet is seen as well. */
export function waveZoom(peak: number): number {
  return [100, 50, 20, 10, 5, 2].find((zoom) => zoom * peak <= 1) ?? 1;
}
