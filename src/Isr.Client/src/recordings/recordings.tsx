import { useEffect, useMemo, useState } from 'preact/hooks';
import { useDesk } from '../desk';
import { dayAtHand } from '../page/place';
import { useMayManage } from '../page/session';
import { useStore } from '../store';
import { Day } from './day';
import { firstHits, isOpen, listed, withNewest, withOpen } from './days';
import { DeleteDialog } from './deletion';
import { countOf, daysPath, isFiltering, noFilter } from './filter';
import { Filters } from './filters';
import { useFollowing } from './following';
import { Foot } from './foot';
import { datesOf } from './gone';
import { useChanges, useLate } from './questions';
import { useRenewal } from './renewal';
import { all, clearFilter, focusMain, focusSoon, shelf, shown } from './shelf';
import { useSourceNames } from './sourcenames';
import { useTrouble } from './troubles';

/** Days drawn at once. */
const step = 100;

/** Everything that there is, day by day. Only sums are got of days that are closed. */
export function Recordings() {
  const { tiles, announcements } = useDesk();
  const filter = useStore(shelf, (value) => value.filter);
  const open = useStore(shelf, (value) => value.days);
  const deleted = useStore(shelf, (value) => value.deleted);
  const { value: summaries, path, error } = useStore(shown.state, (state) => state);
  const total = useStore(all.state, ({ value }) => value);
  const troubled = useStore(tiles.error, (sentence) => sentence);
  const mayManage = useMayManage();
  const sources = useSourceNames(filter.source);
  const laned = useMemo(() => (filter.source === '' ? sources : [filter.source]), [sources, filter.source]);
  const filtering = isFiltering(filter);
  const [limit, setLimit] = useState(step);
  const reading = useLate(summaries === null && error === null);
  const days = useMemo(() => listed(summaries ?? [], filter.q.trim() !== '', datesOf(deleted)), [summaries, filter, deleted]);
  useQuestions();
  useOpening();
  useFollowing();
  useRenewal();
  useTrouble('days', error !== null && summaries !== null ? `The recordings cannot be listed: ${error}` : null, again);
  useTrouble('levels', troubled === null ? null : `Levels cannot be shown: ${troubled}`, () => tiles.refresh());

  // The answer may still be that to another filter.
  const isAnswer = path === daysPath(filter);
  const count = isAnswer && summaries !== null ? countOf(summaries) : null;
  const of = filtering ? (total === null ? null : countOf(total)) : count;
  const more = Math.min(step, days.length - limit);
  useEffect(() => {
    // Said for what was typed, not each time a recording begins.
    if (filtering && count !== null) announcements.say(`${count} shown`);
  }, [path]);
  const showMore = () => {
    setLimit(limit + step);
    focusSoon(() => document.querySelectorAll<HTMLElement>('.day h3 button')[limit]);
  };
  return (
    <main id="main" class="recordings" tabIndex={-1}>
      <h2 class="unseen">Recordings</h2>
      <Filters shown={count} all={of} />
      {error !== null && summaries === null && (
        <p class="message" role="alert">
          The recordings cannot be listed: {error} <button class="button" onClick={retry}>Retry</button>
        </p>
      )}
      {reading && <p class="message">Reading the recordings.</p>}
      {days.slice(0, limit).map((day) => (
        <Day key={day.day} day={day} open={isOpen(open, day.day)} filter={filter} sources={laned} mayManage={mayManage} />
      ))}
      {more > 0 && <button class="button more-rows" onClick={showMore}>Show {more} more days</button>}
      {isAnswer && days.every(({ recordings }) => recordings === 0) && deleted.length === 0 && <Nothing filtering={filtering} />}
      <Foot mayManage={mayManage} />
      <DeleteDialog />
    </main>
  );
}

function Nothing({ filtering }: { filtering: boolean }) {
  const { feed } = useDesk();
  const status = useStore(feed.data, (data) => data.status);
  if (filtering) {
    return (
      <p class="message">
        <b>No recording is like that.</b> <button class="button" onClick={clearFilter}>Show all</button>
      </p>
    );
  }
  const names = status?.sources?.map(({ name }) => name) ?? [];
  return (
    <div class="message">
      <p><b>Nothing was recorded yet.</b></p>
      <p>
        {names.length > 0
          ? 'The first recording appears here as soon as a source gives audio. Sources says what each of them does.'
          : 'Add a source to config.ini and start isr, or put audio files into the recordings folder.'}
      </p>
    </div>
  );
}

/** Asks for the days that are listed, and again when they may be others. */
function useQuestions(): void {
  const filter = useStore(shelf, (value) => value.filter);
  const filtering = isFiltering(filter);
  const [first] = useState({ done: false });
  useEffect(() => {
    const path = daysPath(filter);
    // What is kept from before this view was left may be old.
    const known = shown.state.value.path === path && !first.done;
    first.done = true;
    shown.ask(path);
    if (known) void shown.again();
  }, [filter, first]);
  useEffect(() => {
    if (filtering) all.ask(daysPath(noFilter));
  }, [filtering]);
  useChanges(again);
}

function retry(): void {
  again();
  focusMain();
}

function again(): void {
  void shown.again();
  if (isFiltering(shelf.value.filter)) void all.again();
}

/** Opens the newest day, the one that was looked at elsewhere, and what a filter found. */
function useOpening(): void {
  const { place, zone, feed } = useDesk();
  const { value, path } = useStore(shown.state, (state) => state);
  useEffect(() => {
    if (value === null || path === null) return;
    const recorded = (date: string) => value.some(({ day, recordings }) => day === date && recordings > 0);
    if (path !== daysPath(noFilter)) return;
    const before = shelf.value.days;
    let days = withNewest(value, before);
    const date = dayAtHand(place.value, zone, feed.now());
    if (recorded(date) && before.newest === '') days = withOpen(days, date);
    // The keys step through the day that is open.
    else if (!recorded(date) && place.value.at === null && days.newest !== '') place.showDay(days.newest);
    shelf.patch({ days });
  }, [value, path, place, zone, feed]);
  useEffect(() => {
    if (value === null || path === null) return;
    const hits = path === daysPath(noFilter) ? new Set<string>() : firstHits(value);
    shelf.patch({ days: { ...shelf.value.days, hits } });
    // Another answer to the same filter opens nothing that was closed.
  }, [path]);
}
