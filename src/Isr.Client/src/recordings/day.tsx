import { useMemo } from 'preact/hooks';
import type { Section } from '../archive/types';
import { useDesk } from '../desk';
import { bytes, day as dayName, duration, plural } from '../format';
import { chooseSection } from '../review/choose';
import { useStore } from '../store';
import { earlier } from '../review/order';
import { DayBox } from './box';
import { DayLane } from './daylane';
import { type DaySummary, toggled } from './days';
import type { Filter } from './filter';
import { Highlights } from './highlights';
import { HighlightRows } from './highlightrows';
import { useFiles, useLate, useSections } from './questions';
import { Rows } from './rows';
import { play, shelf } from './shelf';
import { useTrouble } from './troubles';
import { filesInWords, missingInWords } from './words';

interface Props {
  day: DaySummary;
  open: boolean;
  filter: Filter;
  /** Those of its lane. */
  sources: readonly string[];
  mayManage: boolean;
}

/** A day's sums; what it holds when it is open. */
export function Day({ day, open, filter, sources, mayManage }: Props) {
  const desk = useDesk();
  const id = `day-${day.day}`;
  const toggle = () => {
    shelf.patch({ days: toggled(shelf.value.days, day.day) });
    // What the keys step through is the day last opened, unless something plays.
    if (!open && day.recordings > 0 && desk.player.state.value.source === null) desk.place.showDay(day.day);
  };
  // A name says nothing of what is missing.
  const missing = filter.q.trim() === '' ? missingInWords(day.missing) : '';
  return (
    <section class="day" aria-labelledby={`${id}-name`}>
      <div class="head">
        <DayBox day={day} filter={filter} />
        <h3>
          <button aria-expanded={open} aria-controls={open ? id : undefined} onClick={toggle}>
            <span class="twist" aria-hidden="true" />
            <span class="date" id={`${id}-name`}>{dayName(day.day)}</span>
            <span class="files t">{filesInWords(day.recordings)}</span>
            <span class="found t">{day.sections > 0 ? plural(day.sections, 'section') : ''}</span>
            <DayLane date={day.day} sources={sources} />
            <span class="missing">{missing}</span>
            <span class="length t">{day.recordings > 0 ? duration(Math.round(day.seconds)) : ''}</span>
            <span class="size t">{day.recordings > 0 ? bytes(day.bytes) : ''}</span>
          </button>
        </h3>
      </div>
      {open && <OpenDay id={id} day={day} filter={filter} mayManage={mayManage} />}
    </section>
  );
}

function OpenDay({ id, day, filter, mayManage }: Omit<Props, 'open' | 'sources'> & { id: string }) {
  const desk = useDesk();
  const date = day.day;
  const { tracks, error, again } = useFiles(date, filter);
  const found = useSections(date, tracks);
  const highlights = useStore(shelf, (value) => value.highlights);
  const allDeleted = useStore(shelf, (value) => value.deleted);
  const deleted = useMemo(() => allDeleted.filter(({ at }) => at.day === date), [allDeleted, date]);
  const reading = useLate(tracks === null && error === null);
  useTrouble(`files ${date}`, error !== null && tracks !== null ? `The recordings of ${dayName(date)} cannot be listed: ${error}` : null, again);
  useTrouble(`sections ${date}`, found.error === null ? null : `What stands out on ${dayName(date)} is not known: ${found.error}`, found.again);
  // A section is listed where its first recording is.
  const sections = useMemo(() => {
    const names = new Set(tracks?.map(({ recording }) => recording.name));
    return (found.answer?.sections ?? none).filter(({ files, file }) => names.has(file) || files.some((name) => names.has(name))).toSorted(earlier);
  }, [found.answer, tracks]);
  const choose = (section: Section) => chooseSection(desk, section);
  const retry = () => {
    again();
    document.getElementById(`${id}-name`)?.closest('button')?.focus();
  };

  return (
    <div class="open-day" id={id}>
      {error !== null && tracks === null && (
        <p class="message" role="alert">
          The recordings of this day cannot be listed: {error} <button class="button" onClick={retry}>Retry</button>
        </p>
      )}
      {reading && <p class="message">Reading the recordings.</p>}
      {tracks !== null && (tracks.length > 0 || deleted.length > 0) && (
        <>
          <Highlights date={date} tracks={tracks} sections={sections} choose={choose} playAt={(track, at) => play(desk, track, at)} />
          {highlights ? (
            <HighlightRows id={`${id}-list`} sections={sections} known={found.answer !== null} choose={choose} />
          ) : (
            <Rows
              id={`${id}-list`}
              date={date}
              tracks={tracks}
              deleted={deleted}
              sections={sections}
              pending={found.answer?.pending ?? noNames}
              undecodable={found.answer?.undecodable ?? noNames}
              mayManage={mayManage}
            />
          )}
        </>
      )}
      {tracks?.length === 0 && deleted.length === 0 && (
        <p class="message">Nothing was recorded on this day. The Day view says why, where that is known.</p>
      )}
    </div>
  );
}

const none: readonly Section[] = [];
const noNames: readonly string[] = [];
