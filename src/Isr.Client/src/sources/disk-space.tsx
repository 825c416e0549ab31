import { useEffect, useState } from 'preact/hooks';
import { Latest } from '../archive/latest';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { type Retention, retentionInWords, spaceInWords } from './disk';

/** How full the disk is, and how long it lasts. */
export function Disk() {
  const { feed } = useDesk();
  const disk = useStore(feed.data, (data) => data.disk);
  const [latest] = useState(() => new Latest<Retention>());
  const { value, error } = useStore(latest.state, (state) => state);
  useEffect(() => latest.ask('api/retention'), [latest]);
  const used = disk !== null && disk.disk_free !== null && disk.disk_total !== null && disk.disk_total > 0 ? 1 - disk.disk_free / disk.disk_total : null;
  return (
    <section class="disk-space" aria-labelledby="disk-title">
      <h2 id="disk-title">Disk</h2>
      {used !== null && <span class="used" aria-hidden="true"><i style={{ width: `${used * 100}%` }} /></span>}
      <p><b>{disk === null ? '' : spaceInWords(disk)}</b></p>
      {value !== null && retentionInWords(value).map((text) => <p key={text}>{text}</p>)}
      {error !== null && (
        <p role="alert">
          How long it lasts is not known: {error} <button class="button" onClick={() => void latest.again()}>Retry</button>
        </p>
      )}
    </section>
  );
}
