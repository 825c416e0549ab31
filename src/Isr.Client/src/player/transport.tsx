import { useEffect } from 'preact/hooks';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { second } from '../time/zone';
import { gains, highPasses, speeds } from './state';
import { liveInWords } from './words';

const step = 5 * second;

/** What to do with what is heard. */
export function Transport() {
  const { player, live, place } = useDesk();
  const isLive = useStore(live.state, (state) => state.source !== null);
  const playing = useStore(player.state, (state) => state.playing) || isLive;
  const idle = useStore(player.state, (state) => state.source === null);
  const none = useStore(place, ({ source, at }) => source === null || at === null) && idle && !isLive;
  const speed = useStore(player.state, (state) => state.speed);
  const highPass = useStore(player.state, (state) => state.highPass);
  const gain = useStore(player.state, (state) => state.gain);
  const toggle = () => {
    const { source, at } = place.value;
    if (isLive) live.stop();
    else if (!idle) player.toggle();
    else if (source !== null && at !== null) player.play(source, at);
  };
  return (
    <div class="transport" role="group" aria-label="Transport">
      <button class="play" aria-label={playing ? 'Pause' : 'Play'} title={playing ? 'Pause (space)' : 'Play (space)'} disabled={none} onClick={toggle}>
        <Sign playing={playing} />
      </button>
      <button class="button t" title="Back 5 seconds (←)" disabled={idle} onClick={() => player.seek(player.position() - step)}>−5 s</button>
      <button class="button t" title="Forward 5 seconds (→)" disabled={idle} onClick={() => player.seek(player.position() + step)}>+5 s</button>
      <Choice name="Speed" values={speeds} value={speed} say={speedText} choose={(value) => player.setSpeed(value)} />
      <Choice name="High-pass" values={highPasses} value={highPass} say={highPassText} choose={(value) => player.setHighPass(value)} />
      <Choice name="Gain" values={gains} value={gain} say={gainText} choose={(value) => player.setGain(value)} />
      <Told />
    </div>
  );
}

interface ChoiceOf {
  name: string;
  values: readonly number[];
  value: number;
  say: (value: number) => string;
  choose: (value: number) => void;
}

function Choice({ name, values, value, say, choose }: ChoiceOf) {
  return (
    <select class="button t choice" aria-label={name} title={name} value={value} onChange={(event) => choose(Number(event.currentTarget.value))}>
      {values.map((each) => (
        <option key={each} value={each} selected={each === value}>
          {say(each)}
        </option>
      ))}
    </select>
  );
}

/** What the player has to tell; the line is there when there is nothing, too. */
function Told() {
  const { player, live, announcements } = useDesk();
  const heard = useStore(live.state, (state) => (state.source === null ? null : `${state.source}: ${state.error ?? liveInWords(state)}`));
  const note = useStore(player.state, (state) => state.note);
  const error = useStore(player.state, (state) => state.error);
  const waiting = useStore(player.state, (state) => state.playing && state.waiting);
  const told = error ?? note;
  useEffect(() => {
    if (told !== null) announcements.say(told);
  }, [told, announcements]);
  if (heard !== null) return <p class="told live">{heard}</p>;
  return <p class={error === null ? 'told' : 'told failed'}>{error ?? (waiting ? 'Waits for what is recorded next.' : note)}</p>;
}

function Sign({ playing }: { playing: boolean }) {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
      <path fill="currentColor" d={playing ? 'M1 1h3.5v10H1zM7.5 1H11v10H7.5z' : 'M2 0.5v11l9.5-5.5z'} />
    </svg>
  );
}

function speedText(speed: number): string {
  return `${Number.isInteger(speed * 10) ? speed.toFixed(1) : speed}×`;
}

function highPassText(corner: number): string {
  return corner === 0 ? 'High-pass off' : `High-pass ${corner} Hz`;
}

function gainText(gain: number): string {
  return `+${gain} dB`;
}
