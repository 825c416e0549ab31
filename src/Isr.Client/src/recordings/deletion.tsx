import { useEffect, useRef, useState } from 'preact/hooks';
import { fileUrl, Refusal, request } from '../api/client';
import type { Track } from '../archive/tracks';
import { type Desk, useDesk } from '../desk';
import { bytes, day as dayName, duration } from '../format';
import { useStore } from '../store';
import { dateOf, type Deleted, shelf } from './shelf';

/** Asks before a recording is deleted. */
export function DeleteDialog() {
  const desk = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const track = useStore(shelf, ({ asking }) => asking);
  const [error, setError] = useState<Error | null>(null);
  const [running, setRunning] = useState(false);
  useEffect(() => {
    setError(null);
    if (track !== null) dialog.current?.showModal();
    else dialog.current?.close();
  }, [track]);

  const remove = async () => {
    if (track === null || running) return;
    setRunning(true);
    try {
      await deleteRecording(desk, track);
    } catch (reason) {
      setError(reason as Error);
    } finally {
      setRunning(false);
    }
  };

  // Who may not will not by trying again.
  const isRefused = error instanceof Refusal && error.status === 403;
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="ask-title" onClose={() => shelf.patch({ asking: null })}>
      <h2 id="ask-title">Delete {track?.recording.name}?</h2>
      {track !== null && <p>{describe(desk, track)} It stays in the trash for a week and can be put back.</p>}
      {error !== null && <p class="failed" role="alert">It was not deleted: {error.message}</p>}
      <p class="does">
        {/* The first has the focus. */}
        <button class="button" onClick={() => dialog.current?.close()}>{isRefused ? 'Close' : 'Cancel'}</button>
        {!isRefused && <button class="button" disabled={running} onClick={() => void remove()}>{error === null ? 'Delete' : 'Try again'}</button>}
      </p>
    </dialog>
  );
}

function describe({ zone }: Desk, { recording, source, from }: Track): string {
  const parts = [source, `${dayName(zone.date(from))} ${zone.exactClock(from)}`, recording.duration === null ? '' : duration(recording.duration), bytes(recording.size)];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}

async function deleteRecording(desk: Desk, track: Track): Promise<void> {
  const { player, feed, tiles, announcements } = desk;
  const { name } = track.recording;
  await request(fileUrl(name), { method: 'DELETE' });
  if (player.state.value.name === name && player.state.value.playing) player.toggle();
  const { deleted, hand } = shelf.value;
  const before = deleted.filter((item) => item.track.recording.name !== name);
  shelf.patch({ asking: null, deleted: [...before, { track, restored: false, error: null }], focus: name, hand: hand?.recording.name === name ? null : hand });
  announcements.say(`Deleted ${name}. It can be put back.`);
  tiles.forget();
  feed.changes.set(feed.changes.value + 1);
}

/** Stands where a recording stood. */
export function Tombstone({ item }: { item: Deleted }) {
  const desk = useDesk();
  const { recording } = item.track;
  const undo = useRef<HTMLButtonElement>(null);
  const focus = useStore(shelf, (value) => value.focus === recording.name);
  useEffect(() => {
    if (!focus || item.restored) return;
    shelf.patch({ focus: null });
    // The dialog closes first: what is behind it cannot have the focus.
    requestAnimationFrame(() => undo.current?.focus());
  }, [focus, item.restored]);
  return (
    <li class="recording gone">
      <span>{item.restored ? `Putting ${recording.name} back.` : `Deleted ${recording.name}.`}</span>
      {/* It keeps the focus until the recording is back. */}
      <button ref={undo} class="button" aria-label={`Undo: put ${recording.name} back`} aria-disabled={item.restored} onClick={() => void restore(desk, item)}>Undo</button>
      {item.error !== null && <span class="failed" role="alert">It was not put back: {item.error}</span>}
    </li>
  );
}

async function restore({ feed, tiles, announcements }: Desk, item: Deleted): Promise<void> {
  if (item.restored) return;
  const { name } = item.track.recording;
  const become = (change: Deleted | null) =>
    shelf.patch({ deleted: shelf.value.deleted.flatMap((other) => (other.track.recording.name !== name ? [other] : change === null ? [] : [change])) });
  try {
    const response = await request('api/trash/restore', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }) });
    const { restored } = (await response.json()) as { restored: string };
    become(restored === name ? { ...item, restored: true, error: null } : null);
    shelf.patch({ focus: restored });
    announcements.say(`${name} is back${restored === name ? '' : ` as ${restored}`}.`);
    tiles.forget();
    feed.changes.set(feed.changes.value + 1);
  } catch (reason) {
    become({ ...item, error: (reason as Error).message });
  }
}

/** Days of which something was deleted here. */
export function datesOf(deleted: readonly Deleted[]): ReadonlySet<string> {
  return new Set(deleted.map(({ track }) => dateOf(track)));
}
