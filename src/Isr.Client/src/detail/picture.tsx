import { useCallback, useMemo, useRef } from 'preact/hooks';
import type { Gap, Section } from '../archive/types';
import { type Colours, type Picture as Paper, useCanvas } from '../canvas';
import { useDesk } from '../desk';
import { type Columns, columnsOf, finest } from '../levels/tiles';
import { spanOf } from '../review/order';
import { colourTable, darkColours, lightColours, pixelTable } from '../spectrogram/colour';
import { rangeOf, settled } from '../spectrogram/range';
import { useStore } from '../store';
import { lengthOf, type Span } from '../time/span';
import { drawFrequencies, drawGaps, drawTimes } from './frame';
import { longestSpectrogram, type Shown } from './onscreen';
import { partsOf, waveZoom } from './parts';
import { drawSpectrum, highest, type Scene, wantTiles } from './spectrum';
import { drawWave, markHot, peakOf, readWave } from './wave';
import { describe } from './words';

interface Props {
  source: string;
  stretch: Span;
  shown: Shown;
  /** Of this source, that reach into the stretch. */
  sections: readonly Section[];
  gaps: readonly Gap[];
  /** Counts up while something is recorded that is shown. */
  beat: number;
}

interface Buffers {
  columns: Columns;
  hot: Uint8Array;
}

const counts = new Uint32Array(256);

/** Spectrogram over wave, as far as they are there; asks for the rest. */
export function Picture({ source, stretch, shown, sections, gaps, beat }: Props) {
  const { zone, tiles, spectrograms, tracks, look } = useDesk();
  const levelsArrived = useStore(tiles.arrived, (count) => count);
  const tilesArrived = useStore(spectrograms.arrived, (count) => count);
  const { top: chosenTop, range: chosenRange } = useStore(look, (value) => value);
  const fitting = useStore(look.fitting, (value) => value);
  const hotSpans = useMemo(() => sections.map(spanOf), [sections]);
  const buffers = useRef<Buffers>({ columns: columnsOf(1), hot: new Uint8Array(1) });
  const inks = useRef(new Inks());

  const draw = useCallback(
    ({ context, width, height, colours }: Paper) => {
      const { spectrum, wave } = partsOf(width, height);
      const pixels = Math.round(spectrum.width * Math.min(2, devicePixelRatio || 1));
      const scene: Scene = { stretch, recordings: shown.list, tracks, tiles: spectrograms, pixels };
      context.fillStyle = colours.bg;
      context.fillRect(0, 0, width, height);
      context.font = `11px ${colours.mono}`;

      if (lengthOf(stretch) <= longestSpectrogram) {
        const whole = wantTiles(scene, counts);
        if (whole && chosenRange === null && counts.some((count) => count > 0)) look.fitting.set(settled(look.fitting.value, rangeOf(counts)));
        const top = chosenTop ?? highest(shown.list, stretch);
        if (top !== null) {
          drawSpectrum(context, spectrum, scene, inks.current.table(colours, look.range), top);
          drawFrequencies(context, spectrum, top, colours);
        }
      }

      if (buffers.current.hot.length !== pixels) buffers.current = { columns: columnsOf(pixels), hot: new Uint8Array(pixels) };
      const { columns, hot } = buffers.current;
      readWave(tiles, source, scene, columns);
      markHot(hotSpans, stretch, hot);
      const zoom = waveZoom(peakOf(columns));
      drawWave(context, wave, columns, hot, zoom, lengthOf(stretch) / pixels >= finest, inks.current.wave(colours));
      context.textAlign = 'right';
      context.textBaseline = 'middle';
      context.fillStyle = colours.dim;
      if (zoom > 1) context.fillText(`×${zoom}`, wave.x - 8, wave.y + wave.height / 2);

      const bottom = wave.y + wave.height;
      drawGaps(context, { ...spectrum, height: bottom }, gaps, stretch, colours);
      context.fillStyle = colours.hot;
      for (const { from, to } of hotSpans) {
        const left = Math.max(0, (from - stretch.from) / lengthOf(stretch)) * wave.width;
        const right = Math.min(1, (to - stretch.from) / lengthOf(stretch)) * wave.width;
        context.fillRect(wave.x + left, spectrum.y + spectrum.height + 2, Math.max(1, right - left), 2);
      }
      drawTimes(context, wave, bottom, stretch, zone, colours);
    },
    [source, stretch, shown, hotSpans, gaps, beat, levelsArrived, tilesArrived, chosenTop, chosenRange, fitting, zone, tiles, spectrograms, tracks, look],
  );
  const { canvas } = useCanvas(draw);
  return <canvas ref={canvas} role="img" aria-label={describe(source, stretch, sections, zone)} />;
}

/** Colours that are worked out once. */
class Inks {
  #key = '';
  #table: Uint32Array = new Uint32Array(256);
  #colours: Colours | null = null;
  #wave = { level: '', hot: '', levelSwing: '', hotSwing: '' };

  table({ dark }: Colours, { floor, ceiling }: { floor: number; ceiling: number }): Uint32Array {
    const key = `${dark} ${floor} ${ceiling}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#table = pixelTable(colourTable(dark ? darkColours : lightColours), floor, ceiling);
    }
    return this.#table;
  }

  wave(colours: Colours) {
    if (colours !== this.#colours) {
      this.#colours = colours;
      this.#wave = { level: colours.level, hot: colours.hot, levelSwing: mixed(colours.level), hotSwing: mixed(colours.hot) };
    }
    return this.#wave;
    function mixed(colour: string): string {
      return `color-mix(in oklab, ${colour} 62%, ${colours.bg})`;
    }
  }
}
