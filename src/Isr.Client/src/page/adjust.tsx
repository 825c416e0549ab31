import { limits, type Parameters } from '../archive/parameters';
import { useDesk } from '../desk';
import { useStore } from '../store';

const controls: { name: keyof Parameters; word: string; spoken: string; text: (value: number) => string }[] = [
  { name: 'margin', word: 'above noise', spoken: 'Decibels above noise', text: (value) => `${value} dB` },
  { name: 'min_gap', word: 'gap', spoken: 'Seconds of quiet that end a section', text: (value) => `${value.toFixed(1)} s` },
  { name: 'min_duration', word: 'at least', spoken: 'Seconds that a section lasts at least', text: (value) => `${value.toFixed(1)} s` },
];

/** What counts as standing out; acts at once. */
export function Adjust() {
  const { parameters } = useDesk();
  const values = useStore(parameters, (value) => value);
  const usual = controls.every(({ name }) => values[name] === parameters.usual[name]);
  return (
    <div class="adjust" role="group" aria-label="What stands out">
      {controls.map(({ name, word, spoken, text }) => (
        <label key={name}>
          {word}
          <input
            type="range"
            aria-label={spoken}
            min={limits[name].from}
            max={limits[name].to}
            step={limits[name].step}
            value={values[name]}
            aria-valuetext={text(values[name])}
            onInput={({ currentTarget }) => parameters.patch({ [name]: currentTarget.valueAsNumber })}
          />
          <span class="t">{text(values[name])}</span>
        </label>
      ))}
      <button class="button" disabled={usual} onClick={() => parameters.set(parameters.usual)}>
        Reset
      </button>
    </div>
  );
}
