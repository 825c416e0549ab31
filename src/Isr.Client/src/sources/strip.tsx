import type { RecorderStatus, SourceStatus } from '../api/types';
import type { Levels } from '../levels/levels';
import { Meter } from '../levels/meter';
import type { Store } from '../store';
import { detail, sentence } from './sentence';

/** Above this many the strip scrolls. */
const many = 12;

interface Props {
  status: RecorderStatus | null;
  failed: boolean;
  levels: Store<Levels>;
}

export function SourceStrip({ status, failed, levels }: Props) {
  const sources = status?.sources ?? [];
  const scrolls = sources.length > many;
  return (
    <section class={`strip${scrolls ? ' scrolls' : ''}`} aria-label="Sources" tabIndex={scrolls ? 0 : undefined}>
      {sources.length === 0 ? (
        <p class="none">{nothing(status, failed)}</p>
      ) : (
        <ul>
          {sources.map((source) => (
            <Source key={source.name} source={source} today={status?.updated ?? null} levels={levels} />
          ))}
        </ul>
      )}
    </section>
  );
}

function nothing(status: RecorderStatus | null, failed: boolean): string {
  if (status === null) return failed ? 'What the sources do is not known.' : '';
  return status.sources === undefined ? 'No recorder is running.' : 'No sources are configured.';
}

function Source({ source, today, levels }: { source: SourceStatus; today: string | null; levels: Store<Levels> }) {
  const { kind, text } = sentence(source, today);
  const what = detail(source);
  return (
    <li class={`source ${kind}`}>
      <span class="state" aria-hidden="true" />
      <b>{source.name}</b>
      <span class="sentence" title={text}>{text}</span>
      <span class={source.title === null ? 'detail' : 'detail title'} title={what ?? undefined}>{what}</span>
      <Meter source={source.name} levels={levels} />
    </li>
  );
}
