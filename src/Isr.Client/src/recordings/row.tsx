import { useEffect } from 'preact/hooks';
import { downloadUrl } from '../api/client';
import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import { type Desk, useDesk } from '../desk';
import { bytes, duration, plural } from '../format';
import { useNow, useStore } from '../store';
import { RowBox } from './box';
import { Chips } from './chips';
import { PanelHere } from './here';
import { Lane } from './lane';
import { useSeen } from './questions';
import { pickedOf } from './selection';
import { open, play, shelf } from './shelf';
import { shortName } from './words';

export interface RowProps {
  track: Track;
  /** Those in it. */
  sections: readonly Section[];
  /** Why nothing stands out yet, or never will. */
  note: string | null;
  chips: number;
  mayManage: boolean;
}

/** One recording: when, whose, how it looks, what stands out, and what to do with it. */
export function Row({ track, sections, note, chips, mayManage }: RowProps) {
  const desk = useDesk();
  const { recording, source } = track;
  const { name } = recording;
  const { element, seen } = useSeen<HTMLLIElement>();
  const atHand = useStore(shelf, ({ hand }) => hand?.recording.name === name);
  const start = desk.zone.exactClock(track.from);
  const playFrom = (at: number) => play(desk, track, at);
  useCalls(element, name);

  return (
    <li class="recording" ref={element} aria-current={atHand ? 'true' : undefined}>
      <RowBox track={track} />
      <PlayButton track={track} />
      <span class="start t">
        {start}
        {recording.recording && <span class="rec">REC</span>}
      </span>
      <span class="source-name">{source}</span>
      <span class="name t" title={name}>{shortName(name, source)}</span>
      <span class="lane">{seen && <Lane track={track} sections={sections} label={laneLabel(sections, start)} play={playFrom} />}</span>
      <Extent track={track} />
      <span class="does">
        <button class="button" aria-label={`Cut ${name}`} onClick={(event) => cut(desk, track, event.currentTarget)}>Cut</button>
        <a class="button" href={downloadUrl(name)} download aria-label={`Download ${name}`}>Download</a>
        {mayManage && (
          <button
            class="button delete"
            aria-label={`Delete ${name}`}
            disabled={recording.recording}
            title={recording.recording ? 'It is being recorded.' : undefined}
            onClick={() => shelf.patch({ asking: [pickedOf(track)] })}
          >
            Delete
          </button>
        )}
      </span>
      <Chips sections={sections} name={name} count={chips} note={note} />
      {atHand && <PanelHere />}
    </li>
  );
}

function PlayButton({ track }: { track: Track }) {
  const desk = useDesk();
  const { name } = track.recording;
  const state = useStore(desk.player.state, (player) => (player.name !== name ? 'other' : player.playing ? 'playing' : 'paused'));
  const click = () => {
    if (state === 'other') play(desk, track, track.from);
    else {
      if (state === 'paused' && shelf.value.hand?.recording.name !== name) open(desk, track, desk.player.position());
      desk.player.toggle();
    }
  };
  return (
    <button class="button play" aria-label={`${state === 'playing' ? 'Pause' : 'Play'} ${name}`} onClick={click}>
      {state === 'playing' ? 'Pause' : 'Play'}
    </button>
  );
}

function Extent({ track }: { track: Track }) {
  const { recording, size, duration: seconds } = track.recording;
  return recording ? <GrowingExtent track={track} /> : <Sizes seconds={seconds} size={size} />;
}

/** It grows by the recorder's clock. */
function GrowingExtent({ track }: { track: Track }) {
  const { feed } = useDesk();
  const { name, size } = track.recording;
  useNow(true);
  const written = useStore(feed.data, ({ status }) => status?.sources?.find(({ file }) => file === name)?.file_bytes ?? 0);
  return <Sizes seconds={Math.max(0, (feed.now() - track.from) / 1000)} size={Math.max(size, written)} />;
}

function Sizes({ seconds, size }: { seconds: number | null; size: number }) {
  return (
    <>
      {/* A minute that is cut at frames is 59.98 s long. */}
      <span class="length t">{seconds === null ? '' : duration(Math.round(seconds))}</span>
      <span class="size t">{bytes(size)}</span>
    </>
  );
}

function cut(desk: Desk, track: Track, button: HTMLElement): void {
  const row = button.closest('li');
  const { cut: before } = desk.place.value;
  const to = desk.tracks.endOf(track);
  const isIn = shelf.value.hand?.recording.name === track.recording.name && before !== null && before.from < to && before.to > track.from;
  if (!isIn) {
    open(desk, track, track.from);
    desk.place.patch({ cut: desk.place.value.stretch });
  }
  desk.announcements.say(`The cut of ${track.recording.name} is below.`);
  requestAnimationFrame(() => row?.querySelector<HTMLElement>('.here')?.focus());
}

/** Scrolls it into view and gives it the focus when that was asked for, now or before it was there. */
function useCalls(element: { readonly current: HTMLLIElement | null }, name: string): void {
  const reveal = useStore(shelf, (value) => value.reveal === name);
  const focus = useStore(shelf, (value) => value.focus === name);
  useEffect(() => {
    if (!reveal) return;
    // The panel in it is there, and has its height, by the next frame.
    const frame = requestAnimationFrame(() => {
      element.current?.scrollIntoView({ block: 'nearest' });
      if (shelf.value.reveal === name) shelf.patch({ reveal: null });
    });
    return () => cancelAnimationFrame(frame);
  }, [reveal, name]);
  useEffect(() => {
    if (!focus) return;
    element.current?.querySelector<HTMLElement>('.play')?.focus();
    shelf.patch({ focus: null });
  }, [focus]);
}

function laneLabel(sections: readonly Section[], start: string): string {
  return `Levels from ${start}, ${sections.length === 0 ? 'nothing stands out' : plural(sections.length, 'section')}`;
}
