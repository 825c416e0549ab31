import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from '../desk';
import { lengthOf, type Span } from '../time/span';
import { second } from '../time/zone';
import { page } from './follow';
import { useGestures } from './gestures';
import { Handle } from './handle';
import { goThere, isSounding, usePosition } from './position';

interface Props {
  source: string;
  stretch: Span;
  cut: Span | null;
  children: ComponentChildren;
}

/** Somebody who moves the picture has it for so long, before it follows the sound again. */
const patience = 4000;

/** What lies over the picture: the position, the cut, and all that is done by pointer. */
export function Surface({ source, stretch, cut, children }: Props) {
  const desk = useDesk();
  const { place, player, zone, announcements } = desk;
  const surface = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const touched = useRef(-Infinity);
  const told = useRef({ tenth: NaN, from: NaN, to: NaN });
  const touch = () => (touched.current = performance.now());

  // The sound comes after the place when somebody goes elsewhere.
  useEffect(() => {
    let { at, source: of } = place.value;
    return place.subscribe(() => {
      if (at !== place.value.at || of !== place.value.source) touch();
      ({ at, source: of } = place.value);
    });
  }, [place]);

  useGestures(
    surface,
    place,
    (at) => {
      touch();
      place.patch({ at });
      player.play(source, at);
    },
    touch,
  );

  usePosition((at) => {
    const { stretch: now } = place.value;
    const share = at === null ? -1 : (at - now.from) / lengthOf(now);
    if (line.current !== null) {
      line.current.hidden = share < 0 || share > 1;
      line.current.style.transform = `translateX(${100 * share}%)`;
    }
    const element = surface.current;
    const sounding = isSounding(desk);
    const tenth = at === null ? -1 : Math.floor(at / 100);
    // While it sounds, who reads by ear hears the sound, not the clock.
    const { tenth: before, from, to } = told.current;
    const isNew = tenth !== before || from !== now.from || to !== now.to;
    if (element !== null && isNew && !(sounding && document.activeElement === element)) {
      told.current = { tenth, ...now };
      element.ariaValueMax = String(lengthOf(now) / second);
      element.ariaValueNow = String(clamped(at === null ? 0 : at - now.from, 0, lengthOf(now)) / second);
      element.ariaValueText = at === null ? 'none yet' : zone.exactClock(at, 1);
    }
    if (at !== null && sounding && performance.now() - touched.current > patience) {
      const next = page(now, at);
      if (next !== now) place.patch({ stretch: next });
    }
  });

  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = player.state.value.source === source ? player.position() : (place.value.at ?? stretch.from);
    const to = seekTo(event.key, at, stretch);
    if (to === null) return;
    event.preventDefault();
    goThere(desk, to);
    announcements.say(zone.exactClock(to, 1));
  };

  const share = (at: number) => (100 * clamped(at - stretch.from, 0, lengthOf(stretch))) / lengthOf(stretch);
  return (
    <div class="plot">
      {children}
      <div ref={surface} class="surface" role="slider" tabIndex={0} aria-label="Position" aria-valuemin={0} aria-valuemax={1} aria-valuenow={0} onKeyDown={key} />
      {cut !== null && (
        <>
          <i class="outside" style={{ left: 0, width: `${share(cut.from)}%` }} />
          <i class="outside" style={{ left: `${share(cut.to)}%`, right: 0 }} />
        </>
      )}
      <div ref={line} class="position" hidden />
      {cut !== null && (
        <>
          <Handle edge="from" cut={cut} stretch={stretch} />
          <Handle edge="to" cut={cut} stretch={stretch} />
        </>
      )}
    </div>
  );
}

/** A hundredth of what is shown by arrows, a tenth by Page, its ends by Home and End. */
function seekTo(key: string, at: number, stretch: Span): number | null {
  const small = lengthOf(stretch) / 100;
  const by = { ArrowLeft: -small, ArrowDown: -small, ArrowRight: small, ArrowUp: small, PageDown: -10 * small, PageUp: 10 * small }[key];
  if (by !== undefined) return at + by;
  return key === 'Home' ? stretch.from : key === 'End' ? stretch.to : null;
}

function clamped(value: number, from: number, to: number): number {
  return Math.min(to, Math.max(from, value));
}
