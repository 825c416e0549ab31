import { useEffect, useRef, useState } from 'preact/hooks';
import { AlarmBar } from '../alarms/bar';
import { DayView } from '../day/day';
import { type Desk, DeskContext } from '../desk';
import { mediaSession } from '../player/session';
import { Recordings } from '../recordings/recordings';
import { reviewKeys } from '../review/acts';
import { chooseSection } from '../review/choose';
import { Sources } from '../sources/sources';
import { useStore } from '../store';
import { lengthOf, moved, zoomed } from '../time/span';
import { addDays, second } from '../time/zone';
import { Announcer } from './announcements';
import { Footer } from './footer';
import { Header } from './header';
import { Help } from './help';
import { type Actions, handleKeys } from './keys';
import { dayAtHand, type View } from './place';
import { Questions } from './questions';
import { UndoBar } from './undobar';

const seekBy = 5 * second;

export function App({ desk }: { desk: Desk }) {
  const { place, announcements } = desk;
  const view = useStore(place, (value) => value.view);
  const [keysOn, setKeysOn] = useKeysOn();
  const [help, setHelp] = useState(false);

  const actions = useRef<() => Actions>(() => ({}));
  actions.current = () => actionsOf(desk, () => setHelp(true));
  useEffect(() => (keysOn ? handleKeys(() => actions.current()) : undefined), [keysOn]);
  useEffect(() => mediaSession(desk, { earlier: () => actions.current().j?.(), later: () => actions.current().k?.() }), [desk]);
  useHistory(desk);

  return (
    <DeskContext.Provider value={desk}>
      <a class="skip" href="#main">
        Skip to the {view === 'day' ? 'day' : view}
      </a>
      <Header />
      <AlarmBar />
      {view !== 'sources' && <Questions />}
      {view === 'day' && <DayView />}
      {view === 'recordings' && <Recordings />}
      {view === 'sources' && <Sources />}
      <UndoBar />
      <Footer keysOn={keysOn} setKeysOn={setKeysOn} help={() => setHelp(true)} />
      <Help open={help} close={() => setHelp(false)} />
      <Announcer announcements={announcements} />
    </DeskContext.Provider>
  );
}

function actionsOf(desk: Desk, help: () => void): Actions {
  const { place, player, live, zone, feed, undo, review } = desk;
  const { span, source, at, view } = place.value;
  const date = dayAtHand(place.value, zone, feed.now());
  const zoom = (factor: number) => place.patch({ span: zoomed(span, factor, at !== null && at > span.from && at < span.to ? at : (span.from + span.to) / 2) });
  const mark = (edge: 'from' | 'to') => {
    const here = player.state.value.source === null ? at : player.position();
    if (here === null) return;
    const { cut, stretch } = place.value;
    const other = edge === 'from' ? Math.max(cut?.to ?? stretch.to, here + 0.1 * second) : Math.min(cut?.from ?? stretch.from, here - 0.1 * second);
    place.patch({ cut: edge === 'from' ? { from: here, to: other } : { from: other, to: here } });
  };
  const views: View[] = ['day', 'recordings', 'sources'];
  return {
    ' ': () => {
      if (live.state.value.source !== null) live.stop();
      else if (player.state.value.source !== null) player.toggle();
      else if (source !== null && at !== null) player.play(source, at);
      else {
        const first = review.listed.list?.[0];
        if (first !== undefined) chooseSection(desk, first.section);
      }
    },
    ArrowLeft: () => player.seek(player.position() - seekBy),
    ArrowRight: () => player.seek(player.position() + seekBy),
    ...(view === 'sources' ? {} : reviewKeys(desk)),
    '[': () => mark('from'),
    ']': () => mark('to'),
    '+': () => zoom(0.5),
    '=': () => zoom(0.5),
    '-': () => zoom(2),
    a: () => place.patch({ span: moved(span, -lengthOf(span) / 4) }),
    d: () => place.patch({ span: moved(span, lengthOf(span) / 4) }),
    '0': () => place.showDay(date),
    '<': () => place.showDay(addDays(date, -1)),
    '>': () => place.showDay(addDays(date, 1)),
    g: () => document.getElementById('goto')?.focus(),
    v: () => place.patch({ view: views[(views.indexOf(view) + 1) % views.length]! }),
    z: () => void undo.back(),
    '?': help,
  };
}

/** The address follows where one is, and leads back there. */
function useHistory({ place, zone, feed }: Desk): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      timer = undefined;
      place.write(feed.now());
    };
    // Browsers refuse many changes in a row, as while a span is dragged.
    const off = place.subscribe(() => (timer ??= setTimeout(write, 300)));
    const back = () => place.read(feed.now());
    window.addEventListener('popstate', back);
    return () => {
      clearTimeout(timer);
      off();
      window.removeEventListener('popstate', back);
    };
  }, [place, zone, feed]);
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
