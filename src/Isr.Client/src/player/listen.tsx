import { useDesk } from '../desk';
import { useStore } from '../store';
import { liveInWords } from './words';

/** Begins and ends listening to a source as it comes; the player goes on with it where the browser cannot, and is paused here, too. */
export function ListenButton({ source, short = false }: { source: string; short?: boolean }) {
  const { live, player, announcements } = useDesk();
  const isLive = useStore(live.state, (state) => state.source === source);
  const isPlayed = useStore(player.state, (state) => state.source === source && state.playing);
  const click = () => {
    if (isLive) live.stop();
    else if (isPlayed && !short) player.pause();
    else live.listen(source);
    announcements.say(isLive ? `${source} is not listened to any more.` : isPlayed && !short ? `${source} is paused.` : `Listening to ${source}.`);
  };
  const [text, label] = isLive ? ['Stop', `Stop listening to ${source}`] : isPlayed && !short ? ['Pause', `Pause ${source}`] : short ? ['Live', `Listen to ${source} live`] : ['Listen', `Listen to ${source}`];
  return (
    <button class="button listen" aria-label={label} aria-pressed={short ? isLive : undefined} title={short ? label : undefined} onClick={click}>
      {text}
    </button>
  );
}

/** How live it is, or why it does not sound. */
export function Heard({ source }: { source: string }) {
  const { live, player } = useDesk();
  const told = useStore(live.state, (state) => (state.source === source ? liveInWords(state) : null));
  const error = useStore(live.state, (state) => (state.source === source ? state.error : null)) ?? null;
  const failed = useStore(player.state, (state) => (state.source === source ? state.error : null));
  return (
    <>
      <span class="heard" title={told === null ? undefined : 'Behind what is recorded'}>{told}</span>
      {(error ?? failed) !== null && <p class="error" role="alert">{error ?? failed}</p>}
    </>
  );
}
