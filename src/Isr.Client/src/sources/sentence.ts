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
      return source.retries > 0 ? reconnecting(source, why) : { kind: 'quiet', text: 'connecting' };
    case 'waiting':
      return reconnecting(source, why);
    case 'disk':
      return { kind: 'missing', text: `not recording${since}${why || ': the disk is full'}` };
    case 'stopped':
      return { kind: source.error === null ? 'quiet' : 'missing', text: `stopped${since}${why}` };
    default:
      return { kind: 'quiet', text: source.state };
  }
}

function reconnecting({ retries }: SourceStatus, why: string): Sentence {
  return { kind: 'missing', text: `reconnecting${retries > 0 ? `, attempt ${retries}` : ''}${why}` };
}
