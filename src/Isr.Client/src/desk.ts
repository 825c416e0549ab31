import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Feed } from './api/feed';
import type { Latest } from './archive/latest';
import type { ParameterStore } from './archive/parameters';
import type { Tracks } from './archive/tracks';
import type { CoverageAnswer, SectionsAnswer } from './archive/types';
import type { Cutter } from './detail/cutter';
import type { LevelTiles } from './levels/tiles';
import type { Labels } from './marks/labels';
import type { Marks } from './marks/marks';
import type { Announcements } from './page/announcements';
import type { PlaceStore } from './page/place';
import type { Undo } from './page/undo';
import type { Live } from './player/live';
import type { Player } from './player/player';
import type { Night } from './review/night';
import type { Review } from './review/review';
import type { LookStore } from './spectrogram/look';
import type { SpectrogramTiles } from './spectrogram/tiles';
import type { Zone } from './time/zone';

/** What every part of the page works with. */
export interface Desk {
  readonly zone: Zone;
  readonly feed: Feed;
  readonly place: PlaceStore;
  readonly parameters: ParameterStore;
  readonly tracks: Tracks;
  /** Of the whole days that the lanes show. */
  readonly sections: Latest<SectionsAnswer>;
  readonly coverage: Latest<CoverageAnswer>;
  readonly tiles: LevelTiles;
  readonly spectrograms: SpectrogramTiles;
  readonly look: LookStore;
  readonly player: Player;
  readonly cutter: Cutter;
  /** What people say of these days. */
  readonly marks: Marks;
  readonly labels: Labels;
  readonly review: Review;
  readonly night: Night;
  /** What sounds as it comes; the player or this, never both. */
  readonly live: Live;
  readonly announcements: Announcements;
  readonly undo: Undo;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('There is no desk around this component.');
  return desk;
}
