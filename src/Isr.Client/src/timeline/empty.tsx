import { useEffect, useState } from 'preact/hooks';
import { getJson } from '../api/client';
import { useDesk } from '../desk';
import { day as dayName } from '../format';
import { useStore } from '../store';

interface DaySummary {
  day: string;
  recordings: number;
}

/** What to do on a day without a recording, or where there is none at all. */
export function Empty({ date, configured }: { date: string; configured: boolean }) {
  const { place, feed } = useDesk();
  const changes = useStore(feed.changes, (count) => count);
  const [days, setDays] = useState<readonly DaySummary[] | null>(null);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    const leave = new AbortController();
    getJson<DaySummary[]>('api/days', leave.signal).then(
      (all) => {
        setDays(all.filter(({ recordings }) => recordings > 0));
        setError(null);
      },
      (reason: unknown) => {
        if (!leave.signal.aborted) setError((reason as Error).message);
      },
    );
    return () => leave.abort();
  }, [changes]);

  // The newest comes first.
  const other = days?.find((one) => one.day < date) ?? days?.at(-1);
  if (days?.length === 0) {
    return (
      <p class="empty">
        <b>No recordings yet.</b>{' '}
        {configured ? 'The first one appears here as soon as a source delivers sound.' : 'Start the recorder; the first recording appears here as soon as it begins.'}
      </p>
    );
  }
  return (
    <p class="empty">
      <span>Nothing was recorded on {dayName(date)}.</span>
      {other !== undefined && (
        <button class="button" onClick={() => place.showDay(other.day)}>
          Show {dayName(other.day)}
        </button>
      )}
      {error !== null && <span>Other days cannot be looked for: {error}</span>}
    </p>
  );
}
