import type { Desk } from '../desk';
import { labelCount } from '../marks/labels';
import type { Actions } from '../page/keys';
import { plural } from '../format';
import { chooseSection } from './choose';
import { type Entry, isOpen } from './entry';
import { nextOpen, ordered, sectionAt, step } from './order';
import { say } from './verdict';

/** The section at hand, whatever is listed. */
export function entryAtHand({ place, review }: Desk): Entry | null {
  const { source, at } = place.value;
  const { all } = review.listed;
  const section = sectionAt(all.map((entry) => entry.section), source, at);
  return all.find((entry) => entry.section === section) ?? null;
}

function clockOf({ zone }: Desk, { section }: Entry): string {
  return zone.exactClock(Date.parse(section.start));
}

/** Heard, and on to the next that is to be reviewed. */
export async function reviewed(desk: Desk, entry: Entry): Promise<void> {
  if (!entry.said.reviewed) await say(desk, [entry], { aspect: 'reviewed', on: true }, `Reviewed ${clockOf(desk, entry)}`);
  goOn(desk, entry);
}

export function unreview(desk: Desk, entry: Entry): void {
  void say(desk, [entry], { aspect: 'reviewed', on: false }, `To review again ${clockOf(desk, entry)}`);
}

/** Not what is looked for, and on to the next; or it is, after all. */
export async function ignore(desk: Desk, entry: Entry): Promise<void> {
  const on = !entry.said.ignored;
  await say(desk, [entry], { aspect: 'ignored', on }, `${on ? 'Not this' : 'To review again'} ${clockOf(desk, entry)}`);
  if (on) goOn(desk, entry);
}

export function protect(desk: Desk, entry: Entry): void {
  const on = !entry.said.protected;
  void say(desk, [entry], { aspect: 'protected', on }, `${on ? 'Kept' : 'No longer kept'} ${clockOf(desk, entry)}`);
}

/** The same label again takes it away. */
export function label(desk: Desk, entry: Entry, name: string): void {
  const on = entry.said.label === name ? null : name;
  void say(desk, [entry], { aspect: 'label', on }, `${on === null ? `No longer ${name}` : name} ${clockOf(desk, entry)}`);
}

export function reviewAll(desk: Desk, entries: readonly Entry[]): void {
  void say(desk, entries, { aspect: 'reviewed', on: true }, `Reviewed ${plural(entries.length, 'section')}`);
}

/** Only from what is at hand: a swipe over another row leaves what plays. */
function goOn(desk: Desk, entry: Entry): void {
  const { night, review: queue, announcements } = desk;
  if (entryAtHand(desk)?.section !== entry.section) return;
  if (night.state.value?.playing === true) {
    night.step(1);
    return;
  }
  const next = nextOpen(queue.listed.list ?? [], entry);
  if (next === null) announcements.say('Nothing is left to review.');
  else chooseSection(desk, next.section);
}

export function playNight(desk: Desk): void {
  const { night, review: queue, announcements } = desk;
  if (night.state.value?.playing === true) {
    night.stop();
    return;
  }
  const list = queue.listed.list ?? [];
  const open = list.filter(isOpen);
  if (list.length === 0) announcements.say('Nothing is listed to be played.');
  else night.start(open.length > 0 ? open : list);
}

/** Keys that go through the queue and say something of what is at hand. */
export function reviewKeys(desk: Desk): Actions {
  const { place, review: queue, night, labels, undo, announcements, cutter } = desk;
  const { state } = queue;
  const { list, all } = queue.listed;
  // What is not looked for is passed over, unless that is what is listed.
  const steps = (list ?? []).filter(({ said }) => state.value.show === 'ignored' || !said.ignored);
  const current = entryAtHand(desk);
  const go = (order: 'time' | 'score', by: 1 | -1) => {
    if (night.state.value?.playing === true) {
      night.step(by);
      return;
    }
    const next = step(ordered(steps, order), current, by, order === 'time' ? place.value.at : null);
    if (next !== null) chooseSection(desk, next.section);
    else announcements.say(all.length === 0 ? 'Nothing stands out on this day.' : by > 0 ? 'That was the last section.' : 'That was the first section.');
  };
  const atHand = (act: (entry: Entry) => void) => () => {
    if (current === null) announcements.say('No section is chosen.');
    else act(current);
  };
  const keys: Record<string, () => void> = {
    j: () => go('time', -1),
    k: () => go('time', 1),
    u: () => go('score', -1),
    i: () => go('score', 1),
    r: atHand((entry) => void reviewed(desk, entry)),
    x: atHand((entry) => void ignore(desk, entry)),
    s: atHand((entry) => protect(desk, entry)),
    c: () => void cutter.cut(current?.section ?? null).then((sentence) => sentence !== null && undo.refused(sentence)),
    n: () => playNight(desk),
  };
  if (night.state.value?.playing === true) keys['Escape'] = () => night.stop();
  for (let key = 1; key <= labelCount; key++) {
    const name = labels.state.value.names?.[key - 1] ?? '';
    keys[String(key)] = name === '' ? () => undo.refused(`The key ${key} has no label.`) : atHand((entry) => label(desk, entry, name));
  }
  return keys;
}
