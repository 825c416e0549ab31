import { useEffect, useRef } from 'preact/hooks';

export interface Picture {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly colours: Colours;
}

export interface Colours {
  readonly bg: string;
  readonly panel: string;
  readonly line: string;
  readonly ink: string;
  readonly dim: string;
  readonly faint: string;
  readonly level: string;
  readonly peak: string;
  readonly hot: string;
  readonly gap: string;
  readonly rec: string;
  readonly focus: string;
  readonly mono: string;
  readonly dark: boolean;
}

const names = ['bg', 'panel', 'line', 'ink', 'dim', 'faint', 'level', 'peak', 'hot', 'gap', 'rec', 'focus', 'mono'] as const;
const light = matchMedia('(prefers-color-scheme: light)');
let current: Colours | null = null;
light.addEventListener('change', () => (current = null));

/** The page's tokens, as a canvas wants them. */
export function colours(): Colours {
  if (current === null) {
    const style = getComputedStyle(document.documentElement);
    const values = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    current = { ...(values as Record<(typeof names)[number], string>), dark: !light.matches };
  }
  return current;
}

/**
 * A canvas that is drawn on the next frame whenever `draw` is another function (so memoise it), when its size or the theme changes,
 * and when the function returned is called: as often as one likes, it is drawn once a frame.
 */
export function useCanvas(draw: (picture: Picture) => void) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  latest.current = draw;
  const redraw = useRef(() => {});

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (!element || !context) return;
    let frame = 0;
    const paint = () => {
      frame = 0;
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = devicePixelRatio || 1;
      if (width === 0 || height === 0) return;
      if (element.width !== Math.round(width * ratio) || element.height !== Math.round(height * ratio)) {
        element.width = Math.round(width * ratio);
        element.height = Math.round(height * ratio);
      }
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      latest.current({ context, width, height, colours: colours() });
    };
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(paint);
    };
    redraw.current = soon;
    const size = new ResizeObserver(soon);
    size.observe(element);
    light.addEventListener('change', soon);
    // Numbers in a canvas are drawn in the page's own face once it is there.
    void document.fonts.ready.then(soon);
    soon();
    return () => {
      cancelAnimationFrame(frame);
      size.disconnect();
      light.removeEventListener('change', soon);
    };
  }, []);

  useEffect(() => redraw.current(), [draw]);
  return { canvas, redraw: () => redraw.current() };
}
