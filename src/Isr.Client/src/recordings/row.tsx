import { Component } from 'preact';
import type { Recording } from '../api/types';
import { bytes as bytesText, duration } from '../format';
import { shortName } from './days';
import { Download } from './download';

interface Props {
  recording: Recording;
  seconds: number | null;
  bytes: number;
  current: boolean;
  playing: boolean;
  play: (name: string) => void;
}

export function rowId(name: string): string {
  return `file-${encodeURIComponent(name)}`;
}

export class Row extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const { recording, seconds, bytes, current, playing } = this.props;
    return (
      next.recording !== recording ||
      next.bytes !== bytes ||
      next.current !== current ||
      next.playing !== playing ||
      (next.seconds !== seconds && text(next.seconds) !== text(seconds))
    );
  }

  override render({ recording, seconds, bytes, current, playing, play }: Props) {
    const { name, source, date } = recording;
    return (
      <li class="row" id={rowId(name)} aria-current={current ? 'true' : undefined}>
        <button class="button play" aria-label={`${playing ? 'Pause' : 'Play'} ${name}`} onClick={() => play(name)}>
          {playing ? 'Pause' : 'Play'}
        </button>
        <span class="start t">
          {date.slice(11)}
          {recording.recording && <span class="rec">REC</span>}
        </span>
        <span class="source-name">{source}</span>
        <span class="name t" title={name}>{shortName(recording)}</span>
        <span class="length t">{text(seconds)}</span>
        <span class="size t">{bytesText(bytes)}</span>
        <Download name={name} />
      </li>
    );
  }
}

function text(seconds: number | null): string {
  // A minute cut at frames is 59.98 s long.
  return seconds === null ? '' : duration(Math.round(seconds));
}
