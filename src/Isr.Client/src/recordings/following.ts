import { useEffect } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { withOpen } from './days';
import { dateOf, shelf } from './shelf';

/** The row of the moment at hand is opened and shown, wherever that came from: a key, a chip, the address, another view. */
export function useFollowing(): void {
  const { place, tracks, announcements } = useDesk();
  const moment = useStore(place, ({ source, at }) => (source === null || at === null ? null : `${at} ${source}`));
  useEffect(() => {
    const { source, at } = place.value;
    if (source === null || at === null) return;
    let left = false;
    const { hand } = shelf.value;
    const find = async () => {
      // Of recordings that overlap it is the one that was chosen.
      const kept = hand !== null && hand.source === source && hand.from <= at && at < tracks.endOf(hand) ? hand : await tracks.at(source, at);
      if (left || kept === null) return;
      moveFocusWith(kept.recording.name);
      const days = withOpen(shelf.value.days, dateOf(kept));
      // Who works in the player does not want the list to move.
      shelf.patch(kept === hand && isPanelSeen() ? { days } : { days, hand: kept, reveal: kept.recording.name });
    };
    find().catch((error: unknown) => announcements.say(`The recording cannot be found: ${(error as Error).message}`));
    return () => {
      left = true;
    };
  }, [moment, place, tracks, announcements]);
}

/** Who was in the player that goes from one row to another is in that row then. */
function moveFocusWith(name: string): void {
  const panel = document.activeElement?.closest('.here');
  if (panel !== null && panel !== undefined && shelf.value.hand?.recording.name !== name) shelf.patch({ focus: name });
}

function isPanelSeen(): boolean {
  const box = document.querySelector('.here')?.getBoundingClientRect();
  return box !== undefined && box.top < window.innerHeight && box.bottom > 0;
}
