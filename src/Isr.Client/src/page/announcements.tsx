import { Store, useStore } from '../store';

/** What screen readers are told besides what changes where they read. */
export class Announcements {
  readonly last = new Store('');

  say(sentence: string): void {
    // The same sentence again must differ to be read again.
    this.last.set(sentence === this.last.value ? `${sentence}\u00a0` : sentence);
  }
}

export function Announcer({ announcements }: { announcements: Announcements }) {
  const sentence = useStore(announcements.last, (last) => last);
  return (
    <div class="unseen" role="status" aria-live="polite">
      {sentence}
    </div>
  );
}
