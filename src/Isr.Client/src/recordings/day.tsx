import { Component } from 'preact';
import { useState } from 'preact/hooks';
import type { SourceStatus } from '../api/types';
import { bytes, day as dayName, duration, plural } from '../format';
import { type Day, elapsed } from './days';
import { Row } from './row';

interface Props {
  day: Day;
  open: boolean;
  toggle: () => void;
  /** The server's time; 0 when nothing of this day grows. */
  now: number;
  sources: SourceStatus[];
  current: string | null;
  playing: boolean;
  play: (name: string) => void;
}

/** Rows drawn at once; a day of many short files is drawn in steps. */
const step = 300;

/** A closed day is drawn anew only when it itself changed. */
export class DayGroup extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const { day, open, now } = this.props;
    return next.open || open || next.now !== now || next.day !== day;
  }

  override render({ day, open, toggle, ...rest }: Props) {
    const { now } = rest;
    const seconds = day.growing.reduce((sum, recording) => sum + (elapsed(recording, now) ?? 0), day.seconds);
    const id = `day-${day.date}`;
    return (
      <section class="day" aria-labelledby={`${id}-name`}>
        <h3>
          <button aria-expanded={open} aria-controls={open ? id : undefined} onClick={toggle}>
            <span class="twist" aria-hidden="true" />
            <span class="date" id={`${id}-name`}>{dayName(day.date)}</span>
            <span class="files t">{plural(day.recordings.length, 'file')}</span>
            <span class="length t">{duration(seconds)}</span>
            <span class="size t">{bytes(day.bytes)}</span>
          </button>
        </h3>
        {open && <Rows id={id} day={day} {...rest} />}
      </section>
    );
  }
}

function Rows({ id, day, now, sources, current, playing, play }: Omit<Props, 'open' | 'toggle'> & { id: string }) {
  const [limit, setLimit] = useState(step);
  const at = current === null ? -1 : day.recordings.findIndex(({ name }) => name === current);
  const count = Math.max(limit, Math.ceil((at + 1) / step) * step);
  const more = Math.min(step, day.recordings.length - count);
  return (
    <>
      <ul class="rows" id={id}>
        {day.recordings.slice(0, count).map((recording) => (
          <Row
            key={recording.name}
            recording={recording}
            seconds={recording.duration ?? (recording.recording ? elapsed(recording, now) : null)}
            bytes={Math.max(recording.size, sources.find(({ file }) => file === recording.name)?.file_bytes ?? 0)}
            current={recording.name === current}
            playing={recording.name === current && playing}
            play={play}
          />
        ))}
      </ul>
      {more > 0 && (
        <button class="button more" onClick={() => setLimit(count + step)}>
          Show {more} more
        </button>
      )}
    </>
  );
}
