import { useEffect, useState } from 'preact/hooks';
import { getJson } from '../api/client';
import { useDesk } from '../desk';
import { day as dayName } from '../format';
import { addDays } from '../time/zone';

interface DaySummary {
  day: string;
  recordings: number;
}

/** What to do on a day without a recording. */
export function EmptyDay({ date }: { date: string }) {
  const { place } = useDesk();
  const [before, setBefore] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    const leave = new AbortController();
    setBefore(null);
    setError(null);
    getJson<DaySummary[]>(`api/days?to=${addDays(date, -1)}`, leave.signal).then(
      (days) => setBefore(days.find(({ recordings }) => recordings > 0)?.day ?? null),
      (reason: unknown) => {
        if (!leave.signal.aborted) setError((reason as Error).message);
      },
    );
    return () => leave.abort();
  }, [date]);

  return (
    <p class="empty">
      Nothing was recorded on {dayName(date)}.{' '}
      {before !== null && (
        <button class="button" onClick={() => place.showDay(before)}>
          Show {dayName(before)}
        </button>
      )}
      {error !== null && `Earlier days cannot be looked for: ${error}`}
    </p>
  );
}

/** What to do where there is no source at all. */
export function NoSources({ configured }: { configured: boolean }) {
  return (
    <p class="empty">
      <b>No recordings yet.</b>{' '}
      {configured ? 'The first one appears here as soon as a source delivers sound.' : 'Start the recorder; the first recording appears here as soon as it begins.'}
    </p>
  );
}
