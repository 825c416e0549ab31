import { Detail } from '../detail/detail';
import { useDesk } from '../desk';
import { useStore } from '../store';

/** The source and moment at hand: seen, heard, cut. */
export function PlayerPanel() {
  const { place } = useDesk();
  const source = useStore(place, (value) => value.source);
  return (
    <section class="panel" aria-label="Player">
      {source === null ? (
        <p class="message empty">
          <b>Nothing is chosen.</b>
          <span>
            Choose a section, or click a lane. <kbd>Space</kbd> plays the loudest.
          </span>
        </p>
      ) : (
        <Detail key={source} source={source} />
      )}
      <TryOut />
    </section>
  );
}

function TryOut() {
  const { player } = useDesk();
  const playing = useStore(player.state, (state) => state.playing);
  return (
    <div class="transport">
      <button class="button" onClick={() => player.toggle()}>{playing ? 'Pause' : 'Play'}</button>
    </div>
  );
}
