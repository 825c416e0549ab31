import './page/fonts.css';
import './page/tokens.css';
import './page/page.css';
import './sources/sources.css';
import './levels/levels.css';
import './recordings/recordings.css';
import './player/player.css';
import { render } from 'preact';
import { Feed } from './api/feed';
import { App } from './page/app';
import { Announcements } from './page/announcements';
import { Player } from './player/player';

const announcements = new Announcements();
const feed = new Feed((sentence) => announcements.say(sentence));
const player = new Player(new Audio(), (name) => {
  // Hidden, the page hears of no end; what it knows must be fresh by the next time it is asked.
  if (document.hidden) void feed.refresh();
  return feed.data.value.files?.some((file) => file.name === name && file.recording) ?? false;
});

const page = document.getElementById('page');
if (page !== null) render(<App feed={feed} player={player} announcements={announcements} />, page);
feed.start();
