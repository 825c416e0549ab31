import { useDesk } from '../desk';
import { useStore } from '../store';

export function PlayerPanel() {
  const { player, zone } = useDesk();
  const state = useStore(player.state, (value) => value);
  return (
    <section class="panel" aria-label="Player">
      <button class="button" onClick={() => player.toggle()}>{state.playing ? 'Pause' : 'Play'}</button>
      <b>{state.source}</b> <span class="t">{state.source !== null && zone.exactClock(state.at, 1)}</span>
    </section>
  );
}
