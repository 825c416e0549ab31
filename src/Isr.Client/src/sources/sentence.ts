import type { SourceStatus } from '../api/types';
import { clock } from '../format';

export interface Sentence {
  text: string;
  /** `now`: sound is being written. `missing`: it should be and is not. `quiet`: neither. */
  kind: 'now' | 'missing' | 'quiet';
}

/** What a source does, in words. Times are the recorder's own. */
export function sentence(source: SourceStatus, today: string | null): Sentence {
  const since = source.since === null ? '' : ` since ${clock(source.since, today)}`;
  const why = source.error === null ? '' : `: ${source.error}`;
  switch (source.state) {
    case 'recording':
      return { kind: 'now', text: `recording${since}` };
    case 'starting':
      return { kind: 'quiet', text: 'starting' };
    case 'connecting':
      return source.retries > 0 ? reconnecting(source) : { kind: 'quiet', text: 'connecting' };
    case 'waiting':
      return reconnecting(source);
    case 'disk':
      return { kind: 'missing', text: `not recording${since}${why || ': the disk is full'}` };
    case 'stopped':
      return { kind: source.error === null ? 'quiet' : 'missing', text: `stopped${since}${why}` };
    default:
      return { kind: 'quiet', text: source.state };
  }
}

function reconnecting({ retries, error }: SourceStatus): Sentence {
  return { kind: 'missing', text: `reconnecting${retries > 0 ? `, attempt ${retries}` : ''}${error === null ? '' : `, last error: ${error}`}` };
}

/** What is recorded: a title, or the format with what a soundcard is to be watched for. */
export function detail({ title, format, drift_ppm: drift, overruns = 0, clipped = 0 }: SourceStatus): string | null {
  if (title !== null || format === null) return title ?? format;
  const parts = [format];
  if (drift !== null && drift !== undefined) parts.push(`${drift > 0 ? '+' : ''}${drift.toFixed(1)} ppm`);
  if (overruns > 0) parts.push(`${overruns} ${overruns === 1 ? 'overrun' : 'overruns'}`);
  if (clipped > 0) parts.push(`${clipped} clipped`);
  return parts.join(', ');
}
