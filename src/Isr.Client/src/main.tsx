import './page/fonts.css';
import './page/tokens.css';
import './page/page.css';
import './day/day.css';
import './timeline/timeline.css';
import './review/review.css';
import './player/player.css';
import './detail/detail.css';
import './sources/sources.css';
import './levels/levels.css';
import './recordings/recordings.css';
import './marks/marks.css';
import './alarms/alarms.css';
import { render } from 'preact';
import { getJson } from './api/client';
import { Feed } from './api/feed';
import { Latest } from './archive/latest';
import { type Parameters, ParameterStore } from './archive/parameters';
import { Tracks } from './archive/tracks';
import type { SectionsAnswer } from './archive/types';
import type { Desk } from './desk';
import { Cutter } from './detail/cutter';
import { keepPage } from './install/register';
import { LevelTail } from './levels/tail';
import { LevelTiles } from './levels/tiles';
import { Labels } from './marks/labels';
import { Marks } from './marks/marks';
import { Announcements } from './page/announcements';
import { App } from './page/app';
import { Broken } from './page/broken';
import { PlaceStore, readPlace } from './page/place';
import { Undo } from './page/undo';
import { Live } from './player/live';
import { Player } from './player/player';
import { WebSound } from './player/sound';
import { showSection } from './review/choose';
import { Night } from './review/night';
import { Review } from './review/review';
import { LookStore } from './spectrogram/look';
import { SpectrogramTiles } from './spectrogram/tiles';
import { Zone, type ZoneTable } from './time/zone';

/** So long after it could not be shown the page tries again by itself. */
const again = 5000;

async function open(): Promise<Desk> {
  const announcements = new Announcements();
  const feed = new Feed((sentence) => announcements.say(sentence));
  const begun = feed.start();
  let zone: Zone;
  let usual: Parameters;
  try {
    const answers = await Promise.all([getJson<ZoneTable>('api/zone'), getJson<Parameters>('api/config'), begun]);
    zone = new Zone(answers[0]);
    usual = answers[1];
  } catch (error) {
    feed.stop();
    throw error;
  }
  const now = () => feed.now();
  const tracks = new Tracks(zone, now);
  feed.changes.subscribe(() => tracks.forget());
  const sound = new WebSound();
  const player = new Player(tracks, now, { sound });
  const tail = new LevelTail();
  feed.readings.subscribe(() => tail.take(feed.readings.value, now()));
  const place = new PlaceStore(readPlace(window.location.search, zone, Date.now()), zone);
  const sections = new Latest<SectionsAnswer>();
  const marks = new Marks();
  return {
    zone,
    feed,
    announcements,
    undo: new Undo((sentence) => announcements.say(sentence)),
    tracks,
    place,
    parameters: new ParameterStore(usual),
    sections,
    coverage: new Latest(),
    tiles: new LevelTiles(now, tail),
    spectrograms: new SpectrogramTiles(),
    look: new LookStore(),
    player,
    cutter: new Cutter(tracks, place),
    marks,
    labels: new Labels(),
    review: new Review({ zone, now, place, sections, marks }),
    night: new Night({ player }, ({ section }) => showSection({ place, zone, announcements }, section)),
    live: new Live(sound, player, now),
  };
}

async function start(page: HTMLElement): Promise<void> {
  try {
    const desk = await open();
    render(<App desk={desk} />, page);
  } catch (error) {
    const timer = setTimeout(() => void start(page), again);
    const retry = () => {
      clearTimeout(timer);
      void start(page);
    };
    render(<Broken sentence={(error as Error).message} retry={retry} />, page);
  }
}

const page = document.getElementById('page');
if (page !== null) void start(page).then(keepPage);
