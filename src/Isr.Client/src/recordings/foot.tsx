import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { PlayingOn } from './here';
import { clearSelection, selection } from './picking';
import { useLate } from './questions';
import { focusMain, shelf } from './shelf';
import { Troubles } from './troubles';
import { sumsInWords } from './words';
import { doing, say, stop, work } from './work';
import { downloadZip } from './zip';

/** What lies over the foot of the list, so that nothing moves for it. */
export function Foot({ mayManage }: { mayManage: boolean }) {
  return (
    <div class="over-foot">
      <Troubles />
      <PlayingOn />
      <SelectionBar mayManage={mayManage} />
    </div>
  );
}

function zip(): void {
  void doing('Preparing the download', 0, () => downloadZip([...selection.all()]));
}

function close(): void {
  say(null);
  focusMain();
}

/** What is selected, what can be done with it, and how far that is. */
function SelectionBar({ mayManage }: { mayManage: boolean }) {
  const desk = useDesk();
  const bar = useRef<HTMLDivElement>(null);
  const isEmpty = useStore(selection.changed, () => selection.isEmpty);
  const { words, done, of, said, failed } = useStore(work, (value) => value);
  const late = useLate(words !== null);
  const clear = () => {
    const isIn = bar.current?.contains(document.activeElement);
    clearSelection(desk);
    if (isIn) focusMain();
  };
  useEscape(clear);
  if (isEmpty && said === null && !late) return null;

  return (
    <div class="selected" ref={bar} role="group" aria-label="Selected">
      {!isEmpty && <Sums />}
      <span class={failed ? 'said failed' : 'said'} role={failed ? 'alert' : undefined}>
        {late ? `${words}${of > 1 ? `: ${done.toLocaleString('en')} of ${of.toLocaleString('en')}` : ''}` : said}
      </span>
      {late && of > 1 && <button class="button" onClick={stop}>Stop</button>}
      {isEmpty ? (
        said !== null && <button class="button" onClick={close}>Close</button>
      ) : (
        <>
          <button class="button" aria-disabled={words !== null} onClick={zip}>Download zip</button>
          {mayManage && <button class="button" aria-disabled={words !== null} onClick={() => words ?? shelf.patch({ asking: [...selection.all()] })}>Delete</button>}
          <button class="button" onClick={clear}>Clear</button>
        </>
      )}
    </div>
  );
}

function Sums() {
  const filter = useStore(shelf, (value) => value.filter);
  useStore(selection.changed, (count) => count);
  const { sums } = selection;
  const hidden = selection.hiddenBy(filter);
  return (
    <span class="sums t">
      <b>{sums.count.toLocaleString('en')} selected</b>, {sumsInWords(sums)}
      {hidden > 0 && <span class="aside">{hidden.toLocaleString('en')} not in this list</span>}
      {sums.recording > 0 && <span class="aside">{sums.recording} being recorded</span>}
    </span>
  );
}

function useEscape(act: () => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : document.body;
      // It closes dialogs, and empties what is typed into.
      if (event.key !== 'Escape' || event.defaultPrevented || target.closest('dialog') !== null) return;
      if (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.value !== '') return;
      stop();
      if (!selection.isEmpty) latest.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
