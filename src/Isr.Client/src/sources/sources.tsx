import type { RecorderStatus, SourceStatus } from '../api/types';
import { useDesk } from '../desk';
import type { Levels } from '../levels/levels';
import { Meter } from '../levels/meter';
import { type Store, useStore } from '../store';
import { detail, sentence } from './sentence';

/** What the sources do now. */
export function Sources() {
  const { feed } = useDesk();
  const { status, error } = useStore(feed.data, (data) => data);
  const sources = status?.sources ?? [];
  return (
    <main id="main" class="strip" tabIndex={-1}>
      {sources.length === 0 ? (
        <p class="none">{nothing(status, error !== null)}</p>
      ) : (
        <ul>
          {sources.map((source) => (
            <Source key={source.name} source={source} today={status?.updated ?? null} levels={feed.levels} />
          ))}
        </ul>
      )}
    </main>
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
