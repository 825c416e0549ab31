import { useDesk } from '../desk';
import { PlayerPanel } from '../review/panel';
import { Store, useStore } from '../store';
import { useEffect, useRef } from 'preact/hooks';
import { withOpen } from './days';
import { noFilter, passes } from './filter';
import { dateOf, shelf } from './shelf';

/** How many panels there are; with none, what plays is said at the foot of the list. */
const panels = new Store(0);

/** The player, below what it plays. */
export function PanelHere() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    panels.set(panels.value + 1);
    return () => panels.set(panels.value - 1);
  }, []);
  return (
    <div class="here" ref={box} tabIndex={-1}>
      <PlayerPanel />
    </div>
  );
}

/** What plays on while its row is closed or filtered out. */
export function PlayingOn() {
  const { player, zone, tracks } = useDesk();
  const { source, name, at, playing } = useStore(player.state, (state) => state);
  const shown = useStore(panels, (count) => count > 0);
  if (name === null || source === null || shown) return null;
  const show = async () => {
    const track = await tracks.at(source, player.position());
    if (track === null) return;
    const { filter, days } = shelf.value;
    const date = dateOf(track);
    shelf.patch({
      filter: passes(filter, track.recording.name, date, track.source) ? filter : noFilter,
      hand: track,
      days: withOpen(days, date),
      reveal: track.recording.name,
    });
  };
  return (
    <div class="playing-on" role="group" aria-label="What plays">
      <button class="button" onClick={() => player.toggle()}>{playing ? 'Pause' : 'Play'}</button>
      <span>{source === '' ? name : source} <span class="t">{zone.exactClock(at)}</span></span>
      <button class="button" onClick={() => void show()}>Show</button>
    </div>
  );
}
