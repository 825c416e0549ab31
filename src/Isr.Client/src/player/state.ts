/** What there is to be known of the player. Times are milliseconds since 1970. */
export interface PlayerState {
  /** The source and recording at hand; null before anything was played. The source is empty for a file that belongs to none. */
  readonly source: string | null;
  readonly name: string | null;
  /** Where it is; moves several times a second. `Player.position()` is exact. */
  readonly at: number;
  /** Whether it should sound, also while it waits. */
  readonly playing: boolean;
  /** Waits for more to be recorded, or for the server. */
  readonly waiting: boolean;
  /** A sentence: why it does not play. */
  readonly error: string | null;
  /** A sentence to tell once, as of a gap that was passed over. */
  readonly note: string | null;
  /** 0.5 to 4; the pitch stays. */
  readonly speed: number;
  /** Decibels, 0 to 36; a limiter follows. */
  readonly gain: number;
  /** Corner of the high-pass in Hz; 0 is off. */
  readonly highPass: number;
}

export const silent: PlayerState = {
  source: null, name: null, at: 0, playing: false, waiting: false, error: null, note: null, speed: 1, gain: 0, highPass: 0,
};

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const;
export const gains = [0, 6, 12, 18, 24, 36] as const;
export const highPasses = [0, 80, 120, 250, 500] as const;
