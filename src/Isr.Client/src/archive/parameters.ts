import { Store } from '../store';

/** What stands out is a matter of these; they act at once, since levels do not depend on them. */
export interface Parameters {
  /** Decibels above the noise. */
  margin: number;
  /** Seconds of quiet that end a section. */
  min_gap: number;
  /** Seconds that a section lasts at least. */
  min_duration: number;
}

export const limits: Record<keyof Parameters, { from: number; to: number; step: number }> = {
  margin: { from: 1, to: 60, step: 1 },
  min_gap: { from: 0, to: 60, step: 0.5 },
  min_duration: { from: 0, to: 20, step: 0.1 },
};

export class ParameterStore extends Store<Parameters> {
  /** The server's own. */
  readonly usual: Parameters;

  constructor(usual: Parameters) {
    super(usual);
    this.usual = usual;
  }
}

export function parametersQuery({ margin, min_gap, min_duration }: Parameters): string {
  return `margin=${margin}&min_gap=${min_gap}&min_duration=${min_duration}`;
}
