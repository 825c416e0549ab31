import type { Section } from '../archive/types';
import type { Desk } from '../desk';
import { shownName } from '../timeline/rows';
import { second } from '../time/zone';
import { framed, spanOf } from './order';
import { spokenScore } from './words';

/** Goes to a section and plays it from just before it. */
export function chooseSection(desk: Desk, section: Section): void {
  const { from } = spanOf(section);
  showSection(desk, section);
  desk.player.play(section.source, from - second / 2);
}

/** Goes to a section: the lanes, the picture, the cut. */
export function showSection({ place, zone, announcements }: Pick<Desk, 'place' | 'zone' | 'announcements'>, section: Section): void {
  const { from } = spanOf(section);
  place.goTo(section.source, from);
  place.patch(framed(section));
  announcements.say(`${zone.exactClock(from)}, ${shownName(section.source)}, ${spokenScore(section.score)}`);
}
