import type { Section } from '../archive/types';
import type { Said } from '../marks/said';

/** What stands out, with what was said of it. */
export interface Entry {
  readonly section: Section;
  readonly said: Said;
}

/** Still to be reviewed. */
export function isOpen({ said }: Entry): boolean {
  return !said.reviewed && !said.ignored;
}
