import type { DiskSpace, RecorderStatus } from '../api/types';
import { bytes, plural } from '../format';

interface Props {
  status: RecorderStatus | null;
  disk: DiskSpace | null;
  /** Why what is shown may be old; null when it is not. */
  stale: string | null;
  retry: () => void;
}

export function Header({ status, disk, stale, retry }: Props) {
  return (
    <header class="top">
      <h1 class={status?.sources?.some(({ state }) => state === 'recording') ? 'mark now' : 'mark'}>isr</h1>
      {stale === null ? (
        <p class="summary">{summary(status, disk)}</p>
      ) : (
        <p class="summary" role="alert">
          {stale} What is shown may be old. <button onClick={retry}>Retry</button>
        </p>
      )}
    </header>
  );
}

function summary(status: RecorderStatus | null, disk: DiskSpace | null): string {
  const sources = status?.sources;
  const recording = sources?.filter(({ state }) => state === 'recording').length;
  return [
    sources !== undefined && `${recording} of ${plural(sources.length, 'source')} recording`,
    disk?.disk_free !== null && disk?.disk_free !== undefined && `${bytes(disk.disk_free)} free`,
  ]
    .filter(Boolean)
    .join(', ');
}
