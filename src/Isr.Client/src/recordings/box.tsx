import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Track } from '../archive/tracks';
import { useDesk } from '../desk';
import { day as dayName } from '../format';
import { useStore } from '../store';
import type { DaySummary } from './days';
import type { Filter } from './filter';
import { pickDay, pickRow, selection } from './picking';
import type { Share } from './selection';
import { dateOf } from './shelf';

interface Props {
  share: Share;
  label: string;
  /** With Shift or without. */
  press: (isRange: boolean) => void;
}

/** A checkbox that shows what is so, which is not always what was pressed: the answer may come later, a range may leave it as it is. */
function Box({ share, label, press }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(share);
  latest.current = share;
  const show = () => {
    if (input.current === null) return;
    input.current.checked = latest.current === 'all';
    input.current.indeterminate = latest.current === 'some';
  };
  useLayoutEffect(show, [share]);
  return (
    <input
      ref={input}
      class="pick"
      type="checkbox"
      aria-label={label}
      // With Shift, text would be marked up to here.
      onMouseDown={(event) => {
        if (!event.shiftKey) return;
        event.preventDefault();
        event.currentTarget.focus();
      }}
      onClick={({ shiftKey }) => {
        press(shiftKey);
        requestAnimationFrame(show);
      }}
      onKeyDown={step}
    />
  );
}

export function RowBox({ track }: { track: Track }) {
  const desk = useDesk();
  const { name } = track.recording;
  const isIn = useStore(selection.changed, () => selection.has(dateOf(track), name));
  return <Box share={isIn ? 'all' : 'none'} label={`Select ${name}`} press={(isRange) => pickRow(desk, track, isRange)} />;
}

export function DayBox({ day: { day, recordings }, filter }: { day: DaySummary; filter: Filter }) {
  const desk = useDesk();
  const share = useStore(selection.changed, () => selection.shareOf(day, filter, recordings));
  if (recordings === 0) return <span class="pick" />;
  return <Box share={share} label={`Select all of ${dayName(day)}`} press={() => void pickDay(desk, day, filter, share !== 'all')} />;
}

/** Up and down go from box to box. */
function step(event: KeyboardEvent & { currentTarget: HTMLInputElement }): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const boxes = [...document.querySelectorAll<HTMLInputElement>('input.pick')];
  boxes[boxes.indexOf(event.currentTarget) + by]?.focus();
}
