import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { getJson } from '../api/client';
import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import { type Picture, useCanvas } from '../canvas';
import { useDesk } from '../desk';
import { type Columns, columnsOf } from '../levels/tiles';
import { useStore } from '../store';
import { shareOfScale } from './loudness';
import { shareOf } from './sections';

interface Props {
  track: Track;
  sections: readonly Section[];
  label: string;
  play: (at: number) => void;
}

/** Pixels of one column of levels. */
const column = 2;
const mostColumns = 600;
const growsEvery = 5000;

/** The levels of one recording, what stands out in it in amber, and where it plays. A click plays there. */
export function Lane({ track, sections, label, play }: Props) {
  const { tiles, tracks, player } = useDesk();
  const { recording, source, from } = track;
  const own = useOwnLevels(track);
  const isPlayed = useStore(player.state, ({ name }) => name === recording.name);
  const columns = useRef(columnsOf(0));

  const draw = useCallback(
    ({ context, width, height, colours }: Picture) => {
      const count = Math.min(mostColumns, Math.max(1, Math.ceil(width / column)));
      const span = { from, to: Math.max(from + 1, tracks.endOf(track)) };
      if (columns.current.rms.length !== count) {
        columns.current = columnsOf(count);
        columns.current.rms.fill(NaN);
        columns.current.max.fill(NaN);
      }
      const shape = own.levels ?? columns.current;
      if (source !== '') tiles.read(source, span, shape);
      const step = width / shape.rms.length;
      context.clearRect(0, 0, width, height);
      context.fillStyle = colours.bg;
      context.fillRect(0, 0, width, height);
      bars(context, shape, 0, shape.rms.length, step, height, colours.peak, colours.level);
      for (const section of sections) {
        const share = shareOf(section, span);
        // Whole columns, and one more: points of a tile may be drawn so much later.
        const first = Math.floor((share.from * width) / step);
        const end = Math.min(shape.rms.length, Math.ceil((share.to * width) / step) + 1);
        bars(context, shape, first, end, step, height, colours.hot, colours.hot);
        context.fillRect(Math.round(first * step), height - 3, Math.round(end * step) - Math.round(first * step), 3);
      }
      if (isPlayed) {
        context.fillStyle = colours.focus;
        context.fillRect(((player.position() - from) / (span.to - span.from)) * width - 1, 0, 2, height);
      }
    },
    [track, sections, own.levels, isPlayed, source, from, tiles, tracks, player],
  );
  const { canvas, redraw } = useCanvas(draw);
  useEffect(() => (source === '' ? undefined : tiles.arrived.subscribe(redraw)), [source, tiles]);
  useEffect(() => (isPlayed ? player.state.subscribe(redraw) : undefined), [isPlayed, player]);
  useEffect(() => {
    if (!recording.recording) return;
    const timer = setInterval(redraw, growsEvery);
    return () => clearInterval(timer);
  }, [recording.recording]);

  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- keys have Play, the sections and the player */}
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          play(from + ((event.clientX - box.left) / box.width) * (tracks.endOf(track) - from));
        }}
      />
      {own.error !== null && <span class="trouble">{own.error}</span>}
    </>
  );
}

/** Peaks behind levels, by the loudness that is heard; of columns `first` to `end` (exclusive). */
function bars(context: CanvasRenderingContext2D, { min, max, rms }: Columns, first: number, end: number, step: number, height: number, peak: string, level: string): void {
  context.fillStyle = peak;
  for (let i = first; i < end; i++) bar(context, Math.max(-min[i]!, max[i]!), i * step, step, height);
  context.fillStyle = level;
  for (let i = first; i < end; i++) bar(context, rms[i]!, i * step, step, height);
}

function bar(context: CanvasRenderingContext2D, value: number, left: number, width: number, height: number): void {
  if (Number.isNaN(value)) return;
  const tall = Math.max(1, shareOfScale(value) * height);
  // On whole pixels, so that no hair is left between.
  const from = Math.round(left);
  context.fillRect(from, height - tall, Math.round(left + width) - from, tall);
}

interface FileLevels {
  min: number[];
  max: number[];
  rms: number[];
}

/** Of a recording without a source; tiles are of sources. */
function useOwnLevels({ source, recording: { name, size } }: Track): { levels: Columns | null; error: string | null } {
  const [state, setState] = useState<{ levels: Columns | null; error: string | null }>({ levels: null, error: null });
  useEffect(() => {
    if (source !== '') return;
    const running = new AbortController();
    getJson<FileLevels>(`api/levels?file=${encodeURIComponent(name)}&points=${mostColumns / 2}`, running.signal).then(
      ({ min, max, rms }) => setState({ levels: { min: Float32Array.from(min), max: Float32Array.from(max), rms: Float32Array.from(rms) }, error: null }),
      (error: unknown) => {
        if (!running.signal.aborted) setState({ levels: null, error: (error as Error).message });
      },
    );
    return () => running.abort();
  }, [source, name, size]);
  return state;
}
