/** What keys do; each says whether it did something. */
export type Actions = Readonly<Record<string, () => void>>;

/** Keys of the whole page. Returns what takes them off again. */
export function handleKeys(actions: () => Actions): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    // A dialog, what is typed into and what has keys of its own come first.
    if (target.closest('dialog, [data-own-keys]') !== null && event.key !== '?') return;
    const range = target instanceof HTMLInputElement && target.type === 'range';
    const box = target instanceof HTMLInputElement && target.type === 'checkbox';
    const slider = range || target.role === 'slider';
    if (!range && !box && target.matches('input, textarea, select')) return;
    if (slider && (event.key.startsWith('Arrow') || event.key === 'Home' || event.key === 'End' || event.key.startsWith('Page'))) return;
    // The space bar acts on what has the focus.
    if (event.key === ' ' && (event.repeat || box || target.matches('button, a, summary'))) return;
    const act = actions()[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
