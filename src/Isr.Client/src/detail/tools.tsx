import type { Track } from '../archive/tracks';
import { useDesk } from '../desk';
import { stretchLimits, usualStretch } from '../page/place';
import { type Look, tops, withEnd } from '../spectrogram/look';
import { lowest, type Range } from '../spectrogram/range';
import { useStore } from '../store';
import { around, holds, lengthOf, type Span, zoomed } from '../time/span';
import { positionOf } from './position';
import { decibels } from './words';

interface Props {
  stretch: Span;
  /** The recording at hand. */
  track: Track | null;
}

/** Zoom, and how the spectrogram looks. */
export function Tools({ stretch, track }: Props) {
  const desk = useDesk();
  const { place, tracks } = desk;
  const show = (next: Span) => place.patch({ stretch: next });
  const middle = () => {
    const at = positionOf(desk);
    return at !== null && holds(stretch, at) ? at : (stretch.from + stretch.to) / 2;
  };
  const zoom = (factor: number) => show(zoomed(stretch, factor, middle(), stretchLimits));
  return (
    <div class="tools">
      <span class="group" role="group" aria-label="Zoom of the player">
        <button class="button" aria-label="Zoom out" disabled={lengthOf(stretch) >= stretchLimits.longest} onClick={() => zoom(2)}>−</button>
        <button class="button" aria-label="Zoom in" disabled={lengthOf(stretch) <= stretchLimits.shortest} onClick={() => zoom(0.5)}>+</button>
        <button class="button" onClick={() => show(around(middle(), usualStretch))}>20 s</button>
        <button class="button" disabled={track === null} onClick={() => track !== null && show({ from: track.from, to: tracks.endOf(track) })}>Whole file</button>
      </span>
      <LookControls />
    </div>
  );
}

function LookControls() {
  const { look } = useDesk();
  const { top, range } = useStore(look, (value): Look => value);
  useStore(look.fitting, (value) => value);
  const now = look.range;
  return (
    <span class="group look" role="group" aria-label="Spectrogram">
      <label>
        up to{' '}
        <select class="field" aria-label="Highest frequency" value={String(top)} onChange={({ currentTarget }) => look.patch({ top: Number(currentTarget.value) || null })}>
          <option value="null">all</option>
          {tops.map((hertz) => (
            <option key={hertz} value={String(hertz)}>{hertz / 1000} kHz</option>
          ))}
        </select>
      </label>
      <End end="floor" word="from" range={now} />
      <End end="ceiling" word="to" range={now} />
      <button class="button" aria-pressed={range === null} onClick={() => look.patch({ range: range === null ? now : null })}>Auto</button>
    </span>
  );
}

function End({ end, word, range }: { end: keyof Range; word: string; range: Range }) {
  const { look } = useDesk();
  const text = `${decibels(range[end])} dB`;
  return (
    <label>
      {word}{' '}
      <input
        type="range"
        aria-label={end === 'floor' ? 'Darkest loudness' : 'Brightest loudness'}
        aria-valuetext={`${range[end]} decibels`}
        min={lowest}
        max={0}
        step={1}
        value={range[end]}
        onInput={({ currentTarget }) => look.patch({ range: withEnd(range, end, currentTarget.valueAsNumber) })}
      />{' '}
      <span class="t">{text}</span>
    </label>
  );
}
