import type { Desk } from '../desk';
import { plural } from '../format';
import type { Done } from '../page/undo';
import { putBack, type Removed } from './removal';
import type { Picked } from './selection';
import { selection } from './picking';
import { type Deleted, shelf } from './shelf';
import { doing } from './work';

/** What was deleted goes from the lists, and can be put back from its place or by Z. */
export function bury(desk: Desk, removed: readonly Removed[]): Deleted | null {
  const [first] = removed.toSorted((a, b) => b.picked.from - a.picked.from);
  if (first === undefined) return null;
  const names = new Set(removed.map(({ picked }) => picked.name));
  const { player, undo } = desk;
  const { name, playing } = player.state.value;
  if (name !== null && names.has(name) && playing) player.toggle();
  const done: Done = {
    words: `Deleted ${removed.length === 1 ? first.picked.name : plural(removed.length, 'recording')}`,
    back: () => unbury(desk, first.picked.name),
  };
  const item: Deleted = { at: first.picked, items: removed, restored: false, error: null, done };
  const { deleted, hand } = shelf.value;
  shelf.patch({
    deleted: [...deleted.filter(({ at }) => !names.has(at.name)), item],
    hand: hand !== null && names.has(hand.recording.name) ? null : hand,
  });
  selection.set(removed.map(({ picked }) => picked), false);
  undo.push(done);
  listAnew(desk);
  return item;
}

/** Puts back what is said to be deleted at that place; gives a sentence that says so, or throws the one that says why not. */
async function unbury(desk: Desk, at: string): Promise<string> {
  const item = shelf.value.deleted.find((other) => other.at.name === at);
  if (item === undefined) return 'It is back already.';
  const count = item.items.length;
  let told = '';
  let failure: Error | null = null;
  const act = async (step: (done: number) => void, signal: AbortSignal) => {
    const { back, left, error } = await putBack(item.items, step, signal);
    const [first] = back;
    const isBack = left.length === 0;
    told = count === 1 ? `${at} is back${first === undefined || first.name === at ? '' : ` as ${first.name}`}.` : `${plural(back.length, 'recording')} ${back.length === 1 ? 'is' : 'are'} back.`;
    if (isBack) {
      // Its place is kept until the list has it again.
      const isSame = back.some(({ item: { picked }, name }) => picked.name === at && name === at);
      become(item, isSame ? { ...item, restored: true, error: null } : null);
      const focus = back.find(({ item: { picked } }) => picked.name === at)?.name ?? null;
      if (document.activeElement?.closest('.gone') !== null) shelf.patch({ focus });
    } else {
      const reason = error?.message ?? 'It was stopped.';
      failure = new Error(back.length === 0 ? reason : `${left.length} of ${count} are still in the trash: ${reason}`);
      become(item, { ...item, items: left, error: failure.message });
    }
    if (back.length > 0) listAnew(desk);
    return null;
  };
  await doing('Putting back', count, act);
  if (failure !== null) throw failure;
  if (told === '') throw new Error('Something else goes on. Wait until that is done.');
  return told;
}

function become(item: Deleted, change: Deleted | null): void {
  shelf.patch({ deleted: shelf.value.deleted.flatMap((other) => (other !== item ? [other] : change === null ? [] : [change])) });
}

function listAnew({ tiles, feed }: Desk): void {
  tiles.forget();
  feed.changes.set(feed.changes.value + 1);
}

/** Days of which something was deleted here. */
export function datesOf(deleted: readonly Deleted[]): ReadonlySet<string> {
  return new Set(deleted.map(({ at }) => at.day));
}

/** Where the focus goes after that was deleted. */
export function placeOf({ name }: Picked): string {
  return `gone-${name}`;
}
