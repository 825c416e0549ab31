import { useEffect, useRef } from 'preact/hooks';
import { type Desk, useDesk } from '../desk';

/** Where one is in the source at hand: where it sounds, else the moment that was chosen. */
export function positionOf({ player, place }: Pick<Desk, 'player' | 'place'>): number | null {
  const { source, at } = place.value;
  return source !== null && player.state.value.source === source ? player.position() : at;
}

export function isSounding({ player, place }: Pick<Desk, 'player' | 'place'>): boolean {
  const { playing, source } = player.state.value;
  return playing && source !== null && source === place.value.source;
}

/** Tells the position on each frame while it moves, and on the next one when something else became of it. */
export function usePosition(tell: (at: number | null) => void): void {
  const { player, place } = useDesk();
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    const desk = { player, place };
    let frame = 0;
    const step = () => {
      frame = 0;
      latest.current(positionOf(desk));
      if (isSounding(desk)) soon();
    };
    const soon = () => {
      if (frame === 0) frame = requestAnimationFrame(step);
    };
    const leave = [player.state.subscribe(soon), place.subscribe(soon)];
    soon();
    return () => {
      cancelAnimationFrame(frame);
      for (const off of leave) off();
    };
  }, [player, place]);
}

/** Goes there, and plays on if it plays. */
export function goThere({ player, place }: Pick<Desk, 'player' | 'place'>, at: number): void {
  if (player.state.value.source !== null && player.state.value.source === place.value.source) player.seek(at);
  place.patch({ at });
}
