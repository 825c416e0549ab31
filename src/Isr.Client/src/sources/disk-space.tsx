import { useEffect, useState } from 'preact/hooks';
import { Latest } from '../archive/latest';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { partsOf, type Retention, retentionInWords, spaceInWords } from './disk';

/** How full the disk is, and how long it lasts. */
export function Disk() {
  const { feed } = useDesk();
  const disk = useStore(feed.data, (data) => data.disk);
  const [latest] = useState(() => new Latest<Retention>());
  const { value, error } = useStore(latest.state, (state) => state);
  useEffect(() => latest.ask('api/retention'), [latest]);
  const parts = disk === null || value === null ? null : partsOf(disk, value);
  return (
    <section class="disk-space" aria-labelledby="disk-title">
      <h2 id="disk-title">Disk</h2>
      <span class="used" aria-hidden="true">
        {parts !== null && <i class="own" style={{ width: `${100 * parts.own}%` }} />}
        {parts !== null && <i class="other" style={{ width: `${100 * parts.other}%` }} />}
      </span>
      <p class="legend">
        {parts === null ? <span>{disk === null ? '' : spaceInWords(disk)}</span> : (['own', 'other', 'free'] as const).map((part) => <span key={part} class={part}>{parts.words[part]}</span>)}
      </p>
      {value !== null && value.forecast.sentences.map((text) => <p key={text} class="forecast">{text}</p>)}
      {value !== null && retentionInWords(value).map((text) => <p key={text}>{text}</p>)}
      {error !== null && (
        <p role="alert">
          How long it lasts is not known: {error} <button class="button" onClick={() => void latest.again()}>Retry</button>
        </p>
      )}
    </section>
  );
}
