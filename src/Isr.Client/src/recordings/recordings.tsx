import type { Recording, SourceStatus } from '../api/types';
import type { Player } from '../player/player';
import { useNow, useStore } from '../store';
import type { Day } from './days';
import { DayGroup } from './day';
import { Filter } from './filter';

interface Props {
  files: Recording[] | null;
  days: Day[];
  shown: number;
  filter: string;
  search: (text: string) => void;
  open: ReadonlySet<string>;
  toggleDay: (date: string) => void;
  error: string | null;
  retry: () => void;
  sources: SourceStatus[];
  ahead: number;
  player: Player;
}

export function Recordings(props: Props) {
  const { files, days, shown, filter, search, sources } = props;
  return (
    <main id="recordings" tabIndex={-1}>
      <div class="toolbar">
        <h2>Recordings</h2>
        <Filter search={search} />
        <span class="count t">{files === null || files.length === 0 ? '' : `${shown} of ${files.length} shown`}</span>
      </div>
      {files === null ? (
        <Waiting error={props.error} retry={props.retry} />
      ) : days.length === 0 ? (
        <Empty filter={filter} sources={sources} />
      ) : (
        <Days {...props} />
      )}
    </main>
  );
}

function Days({ days, open, toggleDay, ahead, player, sources }: Props) {
  const playing = useStore(player.state, ({ name, playing: sounds }) => (name === null ? null : `${sounds ? '+' : '-'}${name}`));
  const growing = days.some((day) => day.growing.length > 0);
  const now = useNow(growing) + ahead / 1000;
  return (
    <div class="days">
      {days.map((day) => (
        <DayGroup
          key={day.date}
          day={day}
          open={open.has(day.date)}
          toggle={() => toggleDay(day.date)}
          now={day.growing.length > 0 ? now : 0}
          sources={sources}
          current={playing?.slice(1) ?? null}
          playing={playing?.startsWith('+') ?? false}
          play={(name) => player.toggle(name)}
        />
      ))}
    </div>
  );
}

function Waiting({ error, retry }: { error: string | null; retry: () => void }) {
  if (error === null) return <p class="message">Reading the recordings.</p>;
  return (
    <div class="message" role="alert">
      <p>
        <b>The recordings cannot be shown.</b> {error}
      </p>
      <p>What is recorded is not touched by this.</p>
      <button class="button" onClick={retry}>Retry</button>
    </div>
  );
}

function Empty({ filter, sources }: { filter: string; sources: SourceStatus[] }) {
  if (filter !== '') return <p class="message">No recording has “{filter}” in its name or source.</p>;
  return (
    <div class="message">
      <p>
        <b>No recordings yet.</b>
      </p>
      <p>
        {sources.length > 0
          ? 'The first one appears here as soon as a source delivers sound.'
          : 'Start the recorder; the first recording appears here as soon as it begins.'}
      </p>
    </div>
  );
}
