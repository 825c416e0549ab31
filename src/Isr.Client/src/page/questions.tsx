import { useEffect } from 'preact/hooks';
import { parametersQuery } from '../archive/parameters';
import { useDesk } from '../desk';
import { useStore } from '../store';
import { dayAtHand } from './place';

/** Asks for what the lanes and the keys work on, and again when it may be another. Nothing to see. */
export function Questions() {
  const { zone, feed, place, parameters, sections, coverage, tiles, marks, labels } = useDesk();
  // Not the whole span: while lanes are dragged within a day there is nothing else to ask.
  const first = useStore(place, ({ span }) => zone.date(span.from));
  const last = useStore(place, ({ span }) => zone.date(Math.max(span.from, span.to - 1)));
  const date = useStore(place, (value) => dayAtHand(value, zone, feed.now()));
  const chosen = useStore(parameters, (value) => value);
  const today = zone.date(feed.now());
  // The day at hand is among them, but for a moment while a span is moved. Nothing is asked of days to come.
  const from = [first, date, today].toSorted()[0]!;
  const to = [last > date ? last : date, today].toSorted()[0]!;

  useEffect(() => {
    sections.ask(`api/sections?from=${from}&to=${to}&${parametersQuery(chosen)}`);
    coverage.ask(`api/coverage?from=${from}&to=${to}`);
    marks.ask(from, to);
  }, [from, to, chosen, sections, coverage, marks]);

  useEffect(() => {
    void labels.ask();
    return feed.marked.subscribe(() => {
      void marks.again();
      void labels.ask();
    });
  }, [feed, marks, labels]);

  useEffect(() => {
    const all = () => {
      void sections.again();
      void coverage.again();
      void marks.again();
      tiles.refresh();
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Levels become known one recording after another; looked at each time, thousands would keep the server busy.
    const measured = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void sections.again();
        tiles.refresh();
      }, 2000);
    };
    const leave = [feed.changes.subscribe(all), feed.measured.subscribe(measured)];
    return () => {
      clearTimeout(timer);
      for (const off of leave) off();
    };
  }, [feed, sections, coverage, tiles, marks]);
  return null;
}
