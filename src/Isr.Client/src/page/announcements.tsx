import { Store, useStore } from '../store';

/** What is said within so many milliseconds is said together: one sentence in the place of another would not be read. */
const together = 150;

/** What screen readers are told besides what changes where they read. */
export class Announcements {
  readonly last = new Store('');
  #said = '';
  #end: ReturnType<typeof setTimeout> | undefined;

  say(sentence: string): void {
    this.#said = this.#said === '' ? sentence : `${this.#said}${/[.!?:]$/.test(this.#said) ? '' : '.'} ${sentence}`;
    clearTimeout(this.#end);
    this.#end = setTimeout(() => (this.#said = ''), together);
    // The same sentence again must differ to be read again.
    this.last.set(this.#said === this.last.value ? `${this.#said}\u00a0` : this.#said);
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
