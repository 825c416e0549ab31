import type { Desk } from '../desk';
import { day as dayName } from '../format';
import { dayOf, lengthOf } from '../time/span';
import { second } from '../time/zone';

export interface Sections {
  earlier: () => void;
  later: () => void;
}

const usualStep = 5;

/** Keys of keyboards and headsets, and the lock screen: what sounds, where it is in its day, and what can be done. Returns what takes it off again. */
export function mediaSession({ player, live, zone }: Pick<Desk, 'player' | 'live' | 'zone'>, { earlier, later }: Sections, session: MediaSession | undefined = navigator.mediaSession): () => void {
  if (session === undefined) return () => {};
  const by = (seconds: number) => player.seek(player.position() + seconds * second);
  const acts: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: () => (heard === null ? !player.state.value.playing && player.toggle() : live.listen(heard)),
    pause: () => {
      live.stop();
      player.pause();
    },
    seekbackward: ({ seekOffset }) => by(-(seekOffset ?? usualStep)),
    seekforward: ({ seekOffset }) => by(seekOffset ?? usualStep),
    seekto: ({ seekTime }) => seekTime !== undefined && seekTime !== null && player.seek(dayOf(zone, zone.date(player.position())).from + seekTime * second),
    previoustrack: earlier,
    nexttrack: later,
  };
  const each = (use: (action: MediaSessionAction) => MediaSessionActionHandler | null) => {
    for (const action of Object.keys(acts) as MediaSessionAction[]) {
      try {
        session.setActionHandler(action, use(action));
      } catch {
        // This browser knows no such key.
      }
    }
  };
  let shown = '';
  /** What was listened to live last, until the player plays. */
  let heard: string | null = null;
  const show = () => {
    const { source, at, playing, speed } = player.state.value;
    const sounds = live.state.value.source;
    if (playing) heard = null;
    heard = sounds ?? heard;
    if (heard !== null) {
      const now = `${heard} ${sounds !== null}`;
      if (now === shown) return;
      shown = now;
      session.metadata = new MediaMetadata({ title: heard, artist: 'live' });
      session.playbackState = sounds === null ? 'paused' : 'playing';
      session.setPositionState?.();
      return;
    }
    if (source === null) return;
    const [date, clock] = [zone.date(at), zone.exactClock(at).replace(/^(\d\d:\d\d):\d\d/, '$1')];
    // Once a minute is enough for what is read, as long as it moves as expected.
    const course = Math.round((at - performance.now() * speed) / (5 * second));
    const now = `${source} ${date} ${clock} ${playing} ${speed} ${playing ? course : at}`;
    if (now === shown) return;
    shown = now;
    session.metadata = new MediaMetadata({ title: `${source} ${clock}`.trim(), artist: dayName(date) });
    session.playbackState = playing ? 'playing' : 'paused';
    const whole = dayOf(zone, date);
    session.setPositionState?.({ duration: lengthOf(whole) / second, position: (at - whole.from) / second, playbackRate: speed });
  };
  each((action) => acts[action] ?? null);
  const offs = [player.state.subscribe(show), live.state.subscribe(show)];
  show();
  return () => {
    for (const off of offs) off();
    each(() => null);
  };
}
