import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from '../api/client';
import { type Desk, useDesk } from '../desk';
import { bytes, day as dayName, duration, plural } from '../format';
import { useStore } from '../store';
import { bury, placeOf } from './gone';
import { selection } from './picking';
import { type Refused, remove } from './removal';
import { type Picked, sumsOf } from './selection';
import { type Deleted, focusSoon, shelf } from './shelf';
import { sumsInWords } from './words';

/** More names than anybody reads. */
const mostNamed = 100;

/** Asks before anything is deleted, says how far it is, and what was refused. */
export function DeleteDialog() {
  const asking = useStore(shelf, (value) => value.asking);
  return asking === null ? null : <Ask asked={asking} />;
}

interface Outcome {
  readonly removed: number;
  readonly refused: readonly Refused[];
  /** Why it ended early; null where somebody stopped it. */
  readonly error: Error | null;
}

function Ask({ asked }: { asked: readonly Picked[] }) {
  const desk = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const running = useRef<AbortController | null>(null);
  const buried = useRef<Deleted | null>(null);
  const [left, setLeft] = useState<readonly Picked[]>(() => asked.filter(({ recording }) => !recording));
  const [done, setDone] = useState<number | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  useEffect(() => dialog.current?.showModal(), []);

  const run = async () => {
    if (running.current !== null) return;
    const stop = new AbortController();
    running.current = stop;
    setDone(0);
    const removal = await remove(left, setDone, stop.signal);
    running.current = null;
    setDone(null);
    buried.current = bury(desk, removal.removed) ?? buried.current;
    const refused = [...(outcome?.refused ?? []), ...removal.refused];
    if (removal.left.length === 0 && refused.length === 0) {
      dialog.current?.close();
      return;
    }
    setLeft(removal.left);
    setOutcome({ removed: (outcome?.removed ?? 0) + removal.removed.length, refused, error: removal.error });
  };
  const end = () => {
    running.current?.abort();
    shelf.patch({ asking: null });
    const place = buried.current?.at;
    // Else the browser puts the focus where it was.
    if (place !== undefined) focusSoon(() => document.getElementById(placeOf(place)) ?? document.getElementById('main'));
  };
  const escape = (event: Event) => {
    if (running.current === null) return;
    event.preventDefault();
    running.current.abort();
  };

  // Who may not will not by trying again.
  const mayTry = left.length > 0 && !(outcome?.error instanceof Refusal && outcome.error.status === 403);
  return (
    <dialog ref={dialog} class="ask" aria-labelledby="ask-title" onClose={end} onCancel={escape}>
      <h2 id="ask-title">{outcome !== null ? 'Not everything was deleted' : asked.length === 1 ? `Delete ${asked[0]!.name}?` : `Delete ${plural(left.length, 'recording')}?`}</h2>
      {outcome === null ? <What desk={desk} asked={asked} toDelete={left} /> : <Said outcome={outcome} left={left.length} isOne={asked.length === 1} />}
      {done !== null && asked.length > 1 && (
        <p class="doing">
          <progress value={done} max={left.length} aria-label="Deleted" /> <span class="t">{done} of {left.length}</span>
        </p>
      )}
      <p class="does">
        {/* The first has the focus. */}
        {done === null ? (
          <button class="button" onClick={() => dialog.current?.close()}>{outcome === null && left.length > 0 ? 'Cancel' : 'Close'}</button>
        ) : (
          <button class="button" onClick={() => running.current?.abort()}>Stop</button>
        )}
        {mayTry && <button class="button" aria-disabled={done !== null} onClick={() => void run()}>{outcome === null ? 'Delete' : 'Go on'}</button>}
      </p>
    </dialog>
  );
}

/** What is asked for. */
function What({ desk, asked, toDelete }: { desk: Desk; asked: readonly Picked[]; toDelete: readonly Picked[] }) {
  const growing = asked.length - toDelete.length;
  const hidden = toDelete.length > 1 ? selection.hiddenBy(shelf.value.filter) : 0;
  return (
    <>
      {toDelete.length === 1 && <p>{describe(desk, toDelete[0]!)} It stays in the trash for a week and can be put back.</p>}
      {toDelete.length > 1 && <p>{describeAll(toDelete)} They stay in the trash for a week and can be put back.</p>}
      {hidden > 0 && <p>{hidden} of the selected {hidden === 1 ? 'is' : 'are'} not in the list that is shown.</p>}
      {growing > 0 && <p>{growing === asked.length && growing === 1 ? 'It is' : growing === 1 ? '1 is' : `${growing} are`} being recorded, which cannot be deleted.</p>}
    </>
  );
}

function describe({ zone }: Desk, { source, from, seconds, bytes: size }: Picked): string {
  const parts = [source, `${dayName(zone.date(from))} ${zone.exactClock(from)}`, seconds === 0 ? '' : duration(seconds), bytes(size)];
  return `${parts.filter((part) => part !== '').join(', ')}.`;
}

function describeAll(items: readonly Picked[]): string {
  let [first, last] = [items[0]!.day, items[0]!.day];
  for (const { day } of items) {
    if (day < first) first = day;
    if (day > last) last = day;
  }
  return `${sumsInWords(sumsOf(items))}, ${first === last ? dayName(first) : `${dayName(first)} to ${dayName(last)}`}.`;
}

interface SaidProps {
  outcome: Outcome;
  left: number;
  isOne: boolean;
}

/** What became of it. */
function Said({ outcome: { removed, refused, error }, left, isOne }: SaidProps) {
  if (isOne) return <p class="failed" role="alert">It was not deleted: {refused[0]?.error ?? error?.message ?? 'it was stopped.'}</p>;
  const kept = left + refused.length;
  return (
    <div class="failed" role="alert">
      <p>
        {removed === 0 ? 'Nothing was deleted.' : `${plural(removed, 'recording')} deleted, ${kept} not.`}
        {left > 0 && (error === null ? ' It was stopped.' : ` ${error.message}`)}
      </p>
      {refused.length > 0 && (
        <ul class="refused" tabIndex={0} aria-label="Refused">
          {refused.slice(0, mostNamed).map(({ name, error: why }) => (
            <li key={name}>
              <b>{name}</b> {why}
            </li>
          ))}
          {refused.length > mostNamed && <li>and {refused.length - mostNamed} more</li>}
        </ul>
      )}
    </div>
  );
}

/** Stands where a recording stood, or the newest of many. */
export function Tombstone({ item }: { item: Deleted }) {
  const { undo } = useDesk();
  const { at, items, restored, error, done } = item;
  const what = items.length > 1 ? plural(items.length, 'recording') : at.name;
  return (
    <li class="recording gone">
      <span>{restored ? `Putting ${what} back.` : `Deleted ${what}.`}</span>
      {/* It keeps the focus until the recording is back. */}
      <button id={placeOf(at)} class="button" aria-label={`Undo: put ${what} back`} aria-disabled={restored} onClick={() => restored || void undo.back(done)}>Undo</button>
      {error !== null && <span class="failed" role="alert">It was not put back: {error}</span>}
    </li>
  );
}
