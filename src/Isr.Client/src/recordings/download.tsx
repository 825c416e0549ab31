import { downloadUrl } from '../api/client';

/** A word, or an arrow where there is no room for it. */
export function Download({ name }: { name: string }) {
  return (
    <a class="button download" href={downloadUrl(name)} download aria-label={`Download ${name}`}>
      <span class="word">Download</span>
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path d="M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10" fill="none" stroke="currentColor" stroke-width="1.5" />
      </svg>
    </a>
  );
}
