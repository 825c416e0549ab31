/**
 * Playing a file that grows. A browser plays a file as long as it was when it was opened; at that end the
 * file is opened again and goes on from the same place. Played at its own pace it has grown meanwhile by
 * as much as was played, so that the distance to the live end never shrinks.
 */

/** Seconds that must lie ahead before going on; nearer to the live end the sound would come in crumbs. */
export const enoughAhead = 5;

/** So little is enough while the sound has not stopped: what is opened meanwhile goes on without a break. */
export const enoughToFollow = 1;

/** How long to wait for more, in milliseconds. */
export const waitForMore = 2000;

export const almostNothing = 0.05;
const nearEnd = 0.3;

export interface Opened {
  /** Where to go on, in seconds. */
  position: number;
  /** How much of the file the browser now knows; not finite when it cannot tell. */
  known: number;
  /** Whether the file was still being recorded when it was opened. */
  growing: boolean;
  /** A person chose the position; otherwise it is where playing stopped. */
  chosen: boolean;
  /** Something sounds up to there. */
  following?: boolean;
}

export type Next = { kind: 'play'; from: number } | { kind: 'wait' } | { kind: 'end' };

/** What to do once a file has been opened and its length is known. */
export function next({ position, known, growing, chosen, following = false }: Opened): Next {
  if (!Number.isFinite(known)) return { kind: 'play', from: position };
  const ahead = known - position;
  if (growing) {
    if (ahead >= (following ? enoughToFollow : enoughAhead)) return { kind: 'play', from: position };
    return chosen ? { kind: 'play', from: Math.max(0, known - enoughAhead) } : { kind: 'wait' };
  }
  return ahead > almostNothing ? { kind: 'play', from: position } : { kind: 'end' };
}

/** Whether playing that does not move on stands at the end of what is known. */
export function atKnownEnd(position: number, known: number): boolean {
  return Number.isFinite(known) && known - position < nearEnd;
}
