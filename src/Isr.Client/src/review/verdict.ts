import type { Desk } from '../desk';
import { type Aspect, type Mark, says } from '../marks/mark';
import { markOf, partsOf } from '../marks/parts';
import type { Done } from '../page/undo';
import type { Entry } from './entry';

/** What somebody says of a section; null for what is no longer said. */
export type Verdict = { readonly aspect: Exclude<Aspect, 'label'>; readonly on: boolean } | { readonly aspect: 'label'; readonly on: string | null };

/** Says it of sections by marks, all at once; it can be undone. Done when it is seen; where the server refuses it later, the bar says why. */
export async function say(desk: Desk, entries: readonly Entry[], verdict: Verdict, words: string): Promise<void> {
  const { marks, undo } = desk;
  try {
    const { put, removed } = await changeFor(desk, entries, verdict);
    if (put.length + removed.length === 0) return;
    const before = [...put.map(({ id }) => id), ...removed].map((id) => marks.find(id)).filter((mark) => mark !== null);
    const made = put.map(({ id }) => id).filter((id) => !before.some((mark) => mark.id === id));
    const changing = marks.change(put, removed);
    // Before it is answered: whoever undoes at once means this.
    const done: Done = { words, back: () => marks.change(before, made).then(() => `Undone: ${words}.`) };
    undo.push(done);
    changing.catch((error: Error) => undo.refused(notKept(error), done));
  } catch (error) {
    undo.refused(notKept(error as Error));
  }
}

function notKept({ message }: Error): string {
  return `It was not kept: ${message}`;
}

async function changeFor({ tracks, zone }: Desk, entries: readonly Entry[], { aspect, on }: Verdict): Promise<{ put: Mark[]; removed: string[] }> {
  const put = new Map<string, Mark>();
  const removed = new Set<string>();
  const parts = await Promise.all(entries.map(async ({ section }) => (on === false || on === null ? [] : partsOf(section, tracks, zone))));
  for (const [i, { section, said }] of entries.entries()) {
    for (const mark of said.marks.filter((each) => says(each, aspect))) {
      const rest: Mark = { ...mark, [aspect]: aspect === 'label' ? null : false };
      // What says nothing more goes; what was written beside it stays.
      if (says(rest, 'reviewed') || says(rest, 'ignored') || says(rest, 'protected') || says(rest, 'label') || (rest.note ?? '') !== '') put.set(rest.id, rest);
      else removed.add(mark.id);
    }
    for (const part of parts[i]!) {
      const mark = markOf(aspect, section, part, typeof on === 'string' ? on : null);
      removed.delete(mark.id);
      put.set(mark.id, mark);
    }
  }
  return { put: [...put.values()], removed: [...removed] };
}
