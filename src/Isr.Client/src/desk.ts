import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Feed } from './api/feed';
import type { Latest } from './archive/latest';
import type { ParameterStore } from './archive/parameters';
import type { Tracks } from './archive/tracks';
import type { CoverageAnswer, SectionsAnswer } from './archive/types';
import type { LevelTiles } from './levels/tiles';
import type { Announcements } from './page/announcements';
import type { PlaceStore } from './page/place';
import type { Player } from './player/player';
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
  readonly announcements: Announcements;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('There is no desk around this component.');
  return desk;
}
