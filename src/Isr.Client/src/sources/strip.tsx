import type { RecorderStatus, SourceStatus } from '../api/types';
import { sentence } from './sentence';

/** Above this many the strip scrolls. */
const many = 12;

export function SourceStrip({ status, failed }: { status: RecorderStatus | null; failed: boolean }) {
  const sources = status?.sources ?? [];
  const scrolls = sources.length > many;
  return (
    <section class={`strip${scrolls ? ' scrolls' : ''}`} aria-label="Sources" tabIndex={scrolls ? 0 : undefined}>
      {sources.length === 0 ? (
        <p class="none">{nothing(status, failed)}</p>
      ) : (
        <ul>
          {sources.map((source) => (
            <Source key={source.name} source={source} today={status?.updated ?? null} />
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

function Source({ source, today }: { source: SourceStatus; today: string | null }) {
  const { kind, text } = sentence(source, today);
  const detail = source.title ?? source.format;
  return (
    <li class={`source ${kind}`}>
      <span class="state" aria-hidden="true" />
      <b>{source.name}</b>
      <span class="sentence" title={text}>{text}</span>
      <span class={source.title === null ? 'detail' : 'detail title'} title={detail ?? undefined}>{detail}</span>
    </li>
  );
}
