import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Feed } from '../api/feed';
import { type Announcements, Announcer } from './announcements';
import { Header } from './header';
import { Footer } from './footer';
import { handleKeys } from './keys';
import { PlayerBar } from '../player/bar';
import type { Player } from '../player/player';
import { groupByDay, matching } from '../recordings/days';
import { firstHits, noDays, toggled, withNewest } from '../recordings/open';
import { Recordings } from '../recordings/recordings';
import { rowId } from '../recordings/row';
import { SourceStrip } from '../sources/strip';
import { useStore } from '../store';

interface Props {
  feed: Feed;
  player: Player;
  announcements: Announcements;
}

export function App({ feed, player, announcements }: Props) {
  const { files, status, disk, error, ahead } = useStore(feed.data, (data) => data);
  const [filter, setFilter] = useState('');
  const [days, shown] = useMemo(() => {
    const hits = matching(files ?? [], filter);
    return [groupByDay(hits), hits.length];
  }, [files, filter]);

  const [chosen, setChosen] = useState(noDays);
  const unfiltered = filter === '';
  const openDays = unfiltered ? withNewest(days, chosen) : chosen;
  if (openDays !== chosen) setChosen(openDays);
  // While filtering, opening and closing is of the search and leaves the choice as it was.
  const [searched, setSearched] = useState({ filter: '', open: new Set<string>() as ReadonlySet<string> });
  const found = unfiltered || searched.filter === filter ? searched : { filter, open: firstHits(days) };
  const open = unfiltered ? openDays.open : found.open;

  const toggleDay = (date: string) => {
    if (unfiltered) setChosen(toggled(openDays, date));
    else setSearched({ filter, open: toggled({ open: found.open, newest: '' }, date).open });
  };

  const search = (text: string) => {
    setFilter(text.trim());
    if (files !== null && text.trim() !== '') {
      announcements.say(`${matching(files, text).length} of ${files.length} shown`);
    }
  };

  const step = (by: 1 | -1) => {
    const order = days.flatMap((day) => day.recordings);
    const at = order.findIndex((recording) => recording.name === player.state.value.name);
    const target = order[at < 0 ? 0 : at + by];
    if (target === undefined) return;
    const date = target.date.slice(0, 10);
    if (!open.has(date)) toggleDay(date);
    player.toggle(target.name);
    announcements.say(`Playing ${target.name}`);
    requestAnimationFrame(() => document.getElementById(rowId(target.name))?.scrollIntoView({ block: 'nearest' }));
  };

  const [keysOn, setKeysOn] = useKeysOn();
  const act = useRef({ step });
  act.current = { step };
  useEffect(() => (keysOn ? handleKeys(player, (by) => act.current.step(by)) : undefined), [keysOn, player]);

  return (
    <>
      <a class="skip" href="#recordings">
        Skip to the recordings
      </a>
      <Header status={status} disk={disk} stale={files === null ? null : error} retry={() => void feed.refresh()} />
      <SourceStrip status={status} failed={error !== null} levels={feed.levels} />
      <Recordings
        files={files}
        days={days}
        shown={shown}
        filter={filter}
        search={search}
        open={open}
        toggleDay={toggleDay}
        error={error}
        retry={() => void feed.refresh()}
        sources={status?.sources ?? []}
        ahead={ahead}
        player={player}
      />
      <div class="dock">
        <PlayerBar player={player} files={files} ahead={ahead} announcements={announcements} />
        <Footer keysOn={keysOn} setKeysOn={setKeysOn} />
      </div>
      <Announcer announcements={announcements} />
    </>
  );
}

/** Keys without a modifier get in the way of speech input, so they can be switched off. */
function useKeysOn(): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => localStorage.getItem('keys') !== 'off');
  return [
    on,
    (value) => {
      localStorage.setItem('keys', value ? 'on' : 'off');
      setOn(value);
    },
  ];
}
