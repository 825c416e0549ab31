import { useEffect, useRef, useState } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { labelCount } from './labels';

const longest = 40;

/** The words of the keys 1 to 9, for everybody who uses this recorder. */
export function LabelsDialog({ open, close }: { open: boolean; close: () => void }) {
  const { labels } = useDesk();
  const dialog = useRef<HTMLDialogElement>(null);
  const { names, error: unknown } = useStore(labels.state, (state) => state);
  const [error, setError] = useState<string | null>(null);
  const [running, setRunning] = useState(false);
  useEffect(() => {
    setError(null);
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const save = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    setRunning(true);
    try {
      await labels.put(Array.from({ length: labelCount }, (_, i) => String(data.get(`label-${i + 1}`) ?? '').trim()));
      close();
    } catch (reason) {
      setError((reason as Error).message);
    } finally {
      setRunning(false);
    }
  };
  return (
    <dialog ref={dialog} class="sheet labels" aria-labelledby="labels-title" onClose={close}>
      <h2 id="labels-title">Labels</h2>
      <p>A key gives its word to the section at hand. What is labelled is not deleted by itself. Sections that have a word keep it when the word is changed here.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save(event.currentTarget);
        }}
      >
        {open && names !== null && names.map((name, i) => (
          <label key={i}>
            <kbd>{i + 1}</kbd> <input class="field" name={`label-${i + 1}`} defaultValue={name} maxLength={longest} autoComplete="off" aria-label={`Label of key ${i + 1}`} />
          </label>
        ))}
        {(error ?? unknown) !== null && <p class="failed" role="alert">{error === null ? `The labels are not known: ${unknown}` : `They were not saved: ${error}`}</p>}
        <p class="does">
          <button class="button" type="button" onClick={close}>Cancel</button>
          <button class="button" disabled={running || names === null}>Save</button>
        </p>
      </form>
    </dialog>
  );
}
