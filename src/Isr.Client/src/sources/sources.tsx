import { useEffect, useMemo, useState } from 'preact/hooks';
import { type Alarm, since } from '../alarms/alarms';
import { PastAlarms } from '../alarms/past';
import type { RecorderStatus, SourceStatus } from '../api/types';
import { Latest } from '../archive/latest';
import type { CoverageAnswer, SourceCoverage } from '../archive/types';
import { useDesk } from '../desk';
import { clock, day as dayName } from '../format';
import { Meter } from '../levels/meter';
import { Heard, ListenButton } from '../player/listen';
import { missingInWords } from '../recordings/words';
import { useStore } from '../store';
import { addDays } from '../time/zone';
import { daysOfWeek, daysShown, figuresSince, percentInWords } from './coverage';
import { Disk } from './disk-space';
import { detail, sentence } from './sentence';
import { Strip } from './strip';

/** At most so often is looked at what is missing. */
const settle = 15_000;

/** What the sources do now and did in the last month, and how long the disk lasts. */
export function Sources() {
  const { feed } = useDesk();
  const { status, error } = useStore(feed.data, (data) => data);
  const { today, state, again } = useMonth();
  const coverage = state.value?.sources ?? null;
  // Those that are no longer configured have their past.
  const names = useMemo(
    () => [...new Set([...(status?.sources ?? []).map(({ name }) => name), ...(coverage ?? []).map(({ source }) => source)])],
    [status, coverage],
  );
  return (
    <main id="main" class="sources" tabIndex={-1}>
      <h2>Sources</h2>
      {state.error !== null && (
        <p class="message" role="alert">
          What is missing is not known: {state.error} <button class="button" onClick={again}>Retry</button>
        </p>
      )}
      <State status={status} failed={error !== null} />
      {names.length > 0 && (
        <div class="source heads" aria-hidden="true">
          <span class="month">
            {dayName(addDays(today, 1 - daysShown)).slice(4, -5)} <span>today</span>
          </span>
          <span class="covered"><span>today</span><span>last 7 days</span><span>last 30 days</span></span>
        </div>
      )}
      {names.length > 0 && (
        <ul>
          {names.map((name) => (
            <Source
              key={name}
              name={name}
              status={status?.sources?.find((source) => source.name === name) ?? null}
              updated={status?.updated ?? null}
              alarms={status?.alarms?.filter((alarm) => alarm.source === name) ?? []}
              coverage={coverage?.find(({ source }) => source === name) ?? null}
              today={today}
            />
          ))}
        </ul>
      )}
      <PastAlarms />
      <Disk />
    </main>
  );
}

/** Why there are no sources, or none that does something. */
function State({ status, failed }: { status: RecorderStatus | null; failed: boolean }) {
  if (status === null) return failed ? <p class="message">What the sources do is not known.</p> : null;
  if (status.sources === undefined) {
    return <p class="message"><b>No recorder is running.</b> This page shows what was recorded. Start isr where it is to record.</p>;
  }
  if (status.sources.length > 0) return null;
  return <p class="message"><b>No sources are configured.</b> Add one to config.ini, a section with its type and url or device, and start isr again.</p>;
}

interface Props {
  name: string;
  /** Null where no recorder has it. */
  status: SourceStatus | null;
  updated: string | null;
  alarms: Alarm[];
  coverage: SourceCoverage | null;
  today: string;
}

function Source({ name, status, updated, alarms, coverage, today }: Props) {
  const { feed } = useDesk();
  const told = status === null ? { kind: 'quiet', text: 'not recorded now' } : sentence(status, updated);
  const what = status === null ? null : detail(status);
  // Where it does not record, the sentence has it already.
  const before = status !== null && status.error !== null && told.kind === 'now' ? status.error : null;
  return (
    <li class={`source ${told.kind}`}>
      <span class="state" aria-hidden="true" />
      <b class="name">{name}</b>
      <span class="sentence">{told.text}</span>
      <span class="level"><Meter source={name} levels={feed.levels} /></span>
      <span class={status?.title ? 'detail title' : 'detail'} title={what ?? undefined}>{what}</span>
      <Strip coverage={coverage} today={today} />
      <Covered coverage={coverage} today={today} />
      <Listen source={name} can={status?.state === 'recording'} />
      {alarms.map((alarm) => (
        <p key={alarm.id} class="error alarm">
          Alarm {since(alarm, updated)}: {alarm.sentence}
        </p>
      ))}
      {before !== null && (
        <p class="error">
          Last error{status?.error_at ? ` at ${clock(status.error_at, updated)}` : ''}: {before}
        </p>
      )}
    </li>
  );
}

/** How much is there, of today, of this week, of this month. */
function Covered({ coverage, today }: { coverage: SourceCoverage | null; today: string }) {
  if (coverage === null) return <span class="covered" />;
  const spans = [
    ['Today', figuresSince(coverage, today)],
    ['7 days', figuresSince(coverage, addDays(today, 1 - daysOfWeek))],
    ['30 days', coverage.total],
  ] as const;
  return (
    <dl class="covered">
      {spans.map(([name, figures]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="share t">{figures === null ? '–' : percentInWords(figures)}</dd>
          <dd class="missing">{figures === null ? 'not to be recorded' : missingInWords(figures.missing)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What is listened to can be ended whatever it does. */
function Listen({ source, can }: { source: string; can: boolean }) {
  const { live } = useDesk();
  const isLive = useStore(live.state, (state) => state.source === source);
  if (!can && !isLive) return <span class="listen" />;
  return (
    <>
      <ListenButton source={source} />
      <Heard source={source} />
    </>
  );
}

function useMonth() {
  const { zone, feed } = useDesk();
  const [latest] = useState(() => new Latest<CoverageAnswer>());
  const state = useStore(latest.state, (value) => value);
  const [today, setToday] = useState(() => zone.date(feed.now()));
  useEffect(() => {
    const ask = () => {
      const date = zone.date(feed.now());
      setToday(date);
      latest.ask(`api/coverage?from=${addDays(date, 1 - daysShown)}&to=${date}`);
    };
    ask();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = feed.changes.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        ask();
        void latest.again();
      }, settle);
    });
    return () => {
      clearTimeout(timer);
      off();
    };
  }, [latest, zone, feed]);
  return { today, state, again: () => void latest.again() };
}
