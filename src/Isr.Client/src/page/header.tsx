import { useState } from 'preact/hooks';
import { useDesk } from '../desk';
import { day as dayName } from '../format';
import { useStore } from '../store';
import { addDays } from '../time/zone';
import { Adjust } from './adjust';
import { readTime } from './goto';
import { dayAtHand, type View } from './place';

const views: [View, string][] = [
  ['day', 'Day'],
  ['recordings', 'Recordings'],
  ['sources', 'Sources'],
];

export function Header() {
  const { feed, place } = useDesk();
  const { error, recording } = useStore(feed.data, (data) => data.error === null ? (data.status?.sources?.some(({ state }) => state === 'recording') ? yes : no) : { error: data.error, recording: false });
  const view = useStore(place, (value) => value.view);
  return (
    <header class="top">
      <h1 class={recording ? 'mark now' : 'mark'}>isr</h1>
      <nav aria-label="Views">
        {views.map(([name, text]) => (
          <button key={name} aria-current={name === view ? 'page' : undefined} onClick={() => place.patch({ view: name })}>
            {text}
          </button>
        ))}
      </nav>
      {view === 'day' && <DatePicker />}
      {view !== 'sources' && <GoTo />}
      {error !== null && (
        <p class="stale" role="alert">
          {error} What is shown may be old. <button class="button" onClick={() => void feed.refresh()}>Retry</button>
        </p>
      )}
      {view !== 'sources' && <Adjust />}
    </header>
  );
}

const yes = { error: null, recording: true };
const no = { error: null, recording: false };

function DatePicker() {
  const { zone, feed, place } = useDesk();
  const date = useStore(place, (value) => dayAtHand(value, zone, feed.now()));
  const step = (days: number) => place.showDay(addDays(date, days));
  return (
    <span class="date">
      <button aria-label="Previous day" onClick={() => step(-1)}>‹</button>
      <b class="t">{dayName(date)}</b>
      <button aria-label="Next day" disabled={date >= zone.date(feed.now())} onClick={() => step(1)}>›</button>
    </span>
  );
}

function GoTo() {
  const { zone, feed, place, player, announcements } = useDesk();
  const [wrong, setWrong] = useState(false);
  const go = (text: string) => {
    const now = feed.now();
    const found = readTime(text, zone, dayAtHand(place.value, zone, now), now);
    setWrong(found === null && text.trim() !== '');
    if (found === null) return;
    place.patch({ view: 'day' });
    if (found.day) place.showDay(zone.date(found.at));
    else {
      const source = place.value.source ?? feed.data.value.status?.sources?.[0]?.name ?? null;
      place.goTo(source, found.at);
      player.seek(found.at);
    }
    announcements.say(`${dayName(zone.date(found.at))}${found.day ? '' : `, ${zone.exactClock(found.at)}`}`);
  };
  return (
    <form
      class="goto"
      onSubmit={(event) => {
        event.preventDefault();
        go(new FormData(event.currentTarget).get('time') as string);
      }}
    >
      <input
        id="goto"
        name="time"
        class="t"
        placeholder="go to 02:31"
        aria-label="Go to a time or date"
        aria-invalid={wrong}
        aria-describedby={wrong ? 'goto-wrong' : undefined}
        autoComplete="off"
        spellcheck={false}
        onInput={() => setWrong(false)}
        // It lies over what is below.
        onBlur={() => setWrong(false)}
      />
      {wrong && (
        <p id="goto-wrong" role="alert">
          Type a time (02:31, 02:31:30.5), a date (20 Nov, 2026-11-20), or both.
        </p>
      )}
    </form>
  );
}
