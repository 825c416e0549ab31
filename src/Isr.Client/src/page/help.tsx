import { useEffect, useRef } from 'preact/hooks';

const keys: [string[], string][] = [
  [['Space'], 'play, pause'],
  [['←', '→'], 'back, forward 5 s'],
  [['J', 'K'], 'earlier, later section'],
  [['U', 'I'], 'louder, quieter section'],
  [['R'], 'reviewed, and on to the next'],
  [['X'], 'not this, and on to the next'],
  [['1', '…', '9'], 'label it; the same again takes the label away'],
  [['S'], 'keep: nothing deletes its recordings'],
  [['C'], 'cut it out, with room before and after'],
  [['N'], 'play all that is listed; Esc stops'],
  [['Z'], 'undo'],
  [['[', ']'], 'begin, end of the cut is here'],
  [['+', '−'], 'zoom in, out'],
  [['A', 'D'], 'earlier, later on the lanes'],
  [['0'], 'the whole day'],
  [['<', '>'], 'previous, next day'],
  [['G'], 'go to a time'],
  [['V'], 'day, recordings, sources in turn'],
  [['?'], 'these keys'],
];

const pointer: [string, string][] = [
  ['Wheel', 'zoom; where lanes or lists scroll: with Ctrl'],
  ['Shift, wheel', 'earlier, later'],
  ['Drag', 'earlier, later'],
  ['Shift, drag', 'mark a cut'],
  ['Click', 'play there'],
  ['Double click', 'zoom in on the lanes'],
];

/** All keys, in a dialog of the browser's own. */
export function Help({ open, close }: { open: boolean; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} class="sheet help" aria-labelledby="help-title" onClose={close}>
      <h2 id="help-title">Keys</h2>
      <dl>
        {keys.map(([caps, text]) => (
          <div key={text}>
            <dt>{caps.map((cap) => <kbd key={cap}>{cap}</kbd>)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <h3>On the lanes and the picture</h3>
      <dl>
        {pointer.map(([what, text]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <p>Keys act while nothing is typed into. They can be switched off at the foot of the page.</p>
      <button class="button" onClick={close}>Close</button>
    </dialog>
  );
}
