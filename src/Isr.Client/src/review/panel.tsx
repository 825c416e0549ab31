import { useDesk } from '../desk';
import { CutBar } from '../detail/cutbar';
import { Detail } from '../detail/detail';
import { Transport } from '../player/transport';
import { useStore } from '../store';
import { VerdictBar } from './verdictbar';

/** The source and moment at hand: seen, heard, cut. */
export function PlayerPanel() {
  const { place } = useDesk();
  const source = useStore(place, (value) => value.source);
  return (
    <section class="panel" aria-label="Player">
      {source === null ? <Nothing /> : <Detail source={source} />}
      <div class="foot">
        {source !== null && <VerdictBar />}
        <Transport />
        {source !== null && <CutBar key={source} source={source} />}
      </div>
    </section>
  );
}

function Nothing() {
  return (
    <p class="message empty">
      <b>Nothing is chosen.</b>
      <span>
        Choose a section, or click a lane. <span class="by-key"><kbd>Space</kbd> plays the loudest.</span>
      </span>
    </p>
  );
}
