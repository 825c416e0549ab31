import { useEffect, useState } from 'preact/hooks';
import { Latest } from '../archive/latest';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { type AlarmsAnswer, pastInWords } from './alarms';

/** Alarms of the last week that are over. */
export function PastAlarms() {
  const { feed } = useDesk();
  const [latest] = useState(() => new Latest<AlarmsAnswer>());
  const { value, error } = useStore(latest.state, (state) => state);
  const updated = useStore(feed.data, (data) => data.status?.updated ?? null);
  useEffect(() => {
    latest.ask('api/alarms');
    return feed.alarmed.subscribe(() => void latest.again());
  }, [latest, feed]);
  if (error !== null) {
    return (
      <p class="message" role="alert">
        Which alarms there were is not known: {error} <button class="button" onClick={() => void latest.again()}>Retry</button>
      </p>
    );
  }
  if (value === null) return null;
  return (
    <section class="past-alarms" aria-labelledby="alarms-title">
      <h2 id="alarms-title">Alarms of the last 7 days</h2>
      {value.past.length === 0 && <p>None that is over.</p>}
      <ul>
        {value.past.map((alarm) => (
          <li key={alarm.id}>
            <span class="t">{pastInWords(alarm, updated)}</span> {alarm.sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}
