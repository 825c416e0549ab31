import { useEffect } from 'preact/hooks';
import type { Recording } from '../api/types';
import { duration, spokenDuration } from '../format';
import type { Announcements } from '../page/announcements';
import { elapsed, shortName } from '../recordings/days';
import { Download } from '../recordings/download';
import { useNow, useStore } from '../store';
import type { Player } from './player';

interface Props {
  player: Player;
  files: Recording[] | null;
  ahead: number;
  announcements: Announcements;
}

export function PlayerBar({ player, files, ahead, announcements }: Props) {
  const { name, playing, waiting, position, known, error } = useStore(player.state, (state) => state);
  const recording = files?.find((file) => file.name === name);
  const growing = recording?.recording === true;
  const now = useNow(growing) + ahead / 1000;
  const soFar = growing ? (elapsed(recording, now) ?? 0) : 0;
  const total = recording?.duration ?? Math.max(known, soFar);
  const note = error ?? (waiting ? 'Waiting for more to be recorded.' : null);

  useEffect(() => {
    if (note !== null) announcements.say(note);
  }, [note]);

  const none = name === null;
  return (
    <section class={none ? 'player none' : 'player'} aria-label="Player">
      <button class="main" disabled={none} aria-label={playing ? 'Pause' : 'Play'} onClick={() => player.toggle()}>
        <svg viewBox="0 0 12 12" width="14" height="14" aria-hidden="true">
          <path d={playing ? 'M2 1h3v10H2zM7 1h3v10H7z' : 'M2 0l10 6-10 6z'} fill="currentColor" />
        </svg>
      </button>
      <div class="what">
        <span class="name t" title={name ?? undefined}>{recording === undefined ? (name ?? 'Nothing playing') : shortName(recording)}</span>
        <span class={error === null ? 'note' : 'note failed'}>{note ?? recording?.source ?? ''}</span>
      </div>
      <span class="time t">
        <span class="position">{duration(position)}</span> / {duration(total)}
      </span>
      <input
        class="seek"
        type="range"
        min={0}
        max={Math.max(1, total)}
        step={0.1}
        value={Math.min(position, Math.max(1, total))}
        disabled={none}
        aria-label="Position"
        aria-valuetext={`${spokenDuration(position)} of ${spokenDuration(total)}`}
        onInput={({ currentTarget }) => player.seek(currentTarget.valueAsNumber)}
      />
      {none ? <span class="download" /> : <Download name={name} />}
    </section>
  );
}
