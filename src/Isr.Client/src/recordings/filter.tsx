import { useEffect, useRef } from 'preact/hooks';

const afterLastKey = 200;

export function Filter({ search }: { search: (text: string) => void }) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(search);
  latest.current = search;
  useEffect(() => () => clearTimeout(timer.current), []);

  return (
    <input
      class="filter"
      type="search"
      aria-label="Filter by name"
      placeholder="Filter by name"
      autoComplete="off"
      spellcheck={false}
      onInput={({ currentTarget: { value } }) => {
        clearTimeout(timer.current);
        timer.current = setTimeout(() => latest.current(value), afterLastKey);
      }}
    />
  );
}
