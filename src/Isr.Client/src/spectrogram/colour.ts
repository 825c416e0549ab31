/** Colours of a spectrogram: lightness says it all, evenly, so that it reads the same to those who see few colours. */

type Triple = readonly [number, number, number];

/** From silence to full; lightness goes one way only. The first is the page's own ground. */
export const darkColours = ['#101214', '#1b1636', '#4b2260', '#a1453f', '#f2a33a', '#fff3d6'];
export const lightColours = ['#f4f2ed', '#eed9b6', '#d99a52', '#a8552a', '#5c2138', '#170c1f'];

/** 256 colours, 0 to 255 in red, green, blue; each a step in lightness as large as the one before. */
export function colourTable(stops: readonly string[]): Uint8ClampedArray {
  const points = stops.map((stop) => toLab(fromHex(stop)));
  const [first, last] = [points[0]!, points.at(-1)!];
  const table = new Uint8ClampedArray(256 * 3);
  let segment = 0;
  for (let i = 0; i < 256; i++) {
    const lightness = first[0] + ((last[0] - first[0]) * i) / 255;
    while (segment < points.length - 2 && Math.abs(lightness - first[0]) > Math.abs(points[segment + 1]![0] - first[0])) segment++;
    const [before, behind] = [points[segment]!, points[segment + 1]!];
    const share = Math.min(1, Math.max(0, (lightness - before[0]) / (behind[0] - before[0])));
    const mix = (part: 1 | 2) => before[part] + (behind[part] - before[part]) * share;
    table.set(toBytes([lightness, mix(1), mix(2)]), i * 3);
  }
  return table;
}

/** What each byte of a spectrogram looks like, as pixels of an `ImageData`, when it shows so many decibels. */
export function pixelTable(colours: Uint8ClampedArray, floor: number, ceiling: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const share = ((byte - 255) / 2 - floor) / (ceiling - floor);
    const at = Math.round(Math.min(1, Math.max(0, share)) * 255) * 3;
    return ((255 << 24) | (colours[at + 2]! << 16) | (colours[at + 1]! << 8) | colours[at]!) >>> 0;
  });
}

/** OKLab: lightness 0 to 1 as it is seen, and two of colour (Ottosson 2020). */
export function toLab([red, green, blue]: Triple): Triple {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function toBytes([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function fromHex(hex: string): Triple {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return [red, green, blue];
}

function linear(byte: number): number {
  const part = byte / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function gamma(part: number): number {
  return 255 * (part <= 0.0031308 ? Math.max(0, part) * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055);
}
