import { describe, expect, it } from 'vitest';
import css from './tokens.css?raw';

const [darkCss = '', lightCss = ''] = css.split('@media');
const dark = tokens(darkCss);
const light = { ...dark, ...tokens(lightCss) };
const grounds = ['bg', 'panel', 'raise'];

describe.each([
  ['dark', dark],
  ['light', light],
])('%s', (_, theme) => {
  it.each(['ink', 'dim', 'faint', 'hot', 'gap', 'rec', 'focus'])('text in --%s has 4.5:1', (name) => {
    for (const ground of grounds) expect(contrast(theme[name], theme[ground])).toBeGreaterThanOrEqual(4.5);
  });
  it.each(['edge', 'level'])('marks in --%s have 3:1', (name) => {
    for (const ground of grounds) expect(contrast(theme[name], theme[ground])).toBeGreaterThanOrEqual(3);
  });
});

function tokens(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]));
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: string | undefined, b: string | undefined): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour = ''): number {
  const [r = NaN, g = NaN, b = NaN] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
