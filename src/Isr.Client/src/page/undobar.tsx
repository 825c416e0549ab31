import { useEffect, useState } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';

/** It goes by itself after so long; what was done can still be undone by its key. */
const lasts = 10_000;

/** What was done last, and the button that takes it back; lies over the page, so that nothing moves for it. */
export function UndoBar() {
  const { undo } = useDesk();
  const told = useStore(undo.told, (value) => value);
  const [seen, setSeen] = useState(told);
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || told?.offer === 'again') return;
    const timer = setTimeout(() => setSeen(told), lasts);
    return () => clearTimeout(timer);
  }, [told, held]);
  if (told === null || seen === told) return null;
  const hold = { onFocusIn: () => setHeld(true), onFocusOut: () => setHeld(false), onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) };
  const close = () => {
    setHeld(false);
    setSeen(told);
  };
  return (
    <div class="undo" role="region" aria-label="Done last" {...hold}>
      <span>{told.words}</span>
      {told.offer !== null && <button class="button" onClick={() => void undo.back()}>{told.offer === 'undo' ? 'Undo' : 'Try again'}</button>}
      <button class="button" onClick={close}>Close</button>
    </div>
  );
}
