/** What somebody says of a recording, or of a stretch of it. */
export interface Mark {
  readonly id: string;
  /** The recording's name when it was marked. */
  readonly file: string;
  /** Seconds within it; both absent where all of it is meant. */
  readonly start?: number | null;
  readonly end?: number | null;
  /** The server says these, by which the recording is found under another name; ISO 8601. */
  readonly source?: string | null;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly label?: string | null;
  readonly note?: string | null;
  readonly reviewed?: boolean;
  readonly ignored?: boolean;
  readonly protected?: boolean;
}

/** Each is a mark of its own, so that two people who say different things of a section do not overwrite one another. */
export type Aspect = 'reviewed' | 'ignored' | 'protected' | 'label';

/** Whether a mark says that of its stretch. */
export function says(mark: Mark, aspect: Aspect): boolean {
  return aspect === 'label' ? (mark.label ?? '') !== '' : mark[aspect] === true;
}
