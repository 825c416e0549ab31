import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { type Show, showing } from './search';

const afterLastKey = 200;

/** What of it is listed. */
export function Search() {
  const { review } = useDesk();
  const show = useStore(review.state, (state) => state.show);
  const find = useStore(review.state, (state) => state.find);
  const input = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // It holds what is typed, and follows where that is set from elsewhere.
  useEffect(() => {
    if (input.current !== null && input.current.value.trim() !== find) input.current.value = find;
  }, [find]);
  const typed = (text: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => review.state.patch({ find: text.trim() }), afterLastKey);
  };
  return (
    <div class="search" role="search">
      <input
        ref={input}
        class="field"
        type="search"
        aria-label="Find in what the lanes show"
        placeholder="source, label, 02:31"
        title="Finds in all days that the lanes show"
        autoComplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => typed(currentTarget.value)}
      />
      <select class="field" aria-label="Which are listed" value={show} onChange={({ currentTarget }) => review.state.patch({ show: currentTarget.value as Show })}>
        {showing.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
      </select>
    </div>
  );
}
