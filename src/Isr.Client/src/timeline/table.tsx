import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import { useTries } from '../archive/tries';
import { useDesk } from '../desk';
import type { Span } from '../time/span';
import { addDays } from '../time/zone';
import { type Bars, type Holes, noBars, noHoles } from './picture';
import { type Line, linesOf } from './lines';
import { shownName } from './rows';
import { moment } from './words';
import { seconds } from '../review/words';

interface Props {
  span: Span;
  names: readonly string[];
  bars: ReadonlyMap<string, Bars>;
  holes: ReadonlyMap<string, Holes>;
  choose: (section: Section) => void;
}

/** Rows drawn at once. */
const step = 300;

/** What the lanes show, in words. */
export function SpanTable({ span, names, bars, holes, choose }: Props) {
  const { zone, feed, place, player, tracks } = useDesk();
  const [limit, setLimit] = useState(step);
  const { all, error } = useTracksOf(span);
  const groups = useMemo(() => {
    let room = limit;
    return names.map((source) => {
      const lines = linesOf(span, (all ?? []).filter((track) => track.source === source), bars.get(source) ?? noBars, holes.get(source) ?? noHoles, feed.now(), (track) => tracks.endOf(track));
      const shown = lines.slice(0, Math.max(0, room));
      room -= shown.length;
      return { source, shown, count: lines.length };
    });
  }, [span, names.join('\n'), bars, holes, all, limit]);
  const rest = groups.reduce((sum, { shown, count }) => sum + count - shown.length, 0);
  const play = (source: string, line: Line) => {
    if (line.section !== null) choose(line.section);
    else {
      place.goTo(source, Math.max(line.from, span.from));
      player.play(source, Math.max(line.from, span.from));
    }
  };

  return (
    <div class="spans">
      <table>
        <caption>
          What was recorded from <span class="t">{moment(zone, span.from)}</span> to <span class="t">{moment(zone, span.to)}</span>
          {all === null && error === null && ' (reading)'}
          {error !== null && <span role="alert"> is not complete: {error}</span>}
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Length</th>
            <th scope="col">What</th>
            <th scope="col">Play</th>
          </tr>
        </thead>
        {groups.map(({ source, shown, count }) => (
          <tbody key={source}>
            <tr>
              <th scope="rowgroup" colSpan={5}>
                {shownName(source)}
              </th>
            </tr>
            {count === 0 && all !== null && (
              <tr>
                <td colSpan={5}>nothing recorded</td>
              </tr>
            )}
            {shown.map((line) => (
              <tr key={`${line.kind}${line.from}`} class={line.kind}>
                <td class="t">{moment(zone, line.from, line.section === null ? 0 : 1)}</td>
                <td class="t">{line.goesOn ? 'now' : moment(zone, line.to, line.section === null ? 0 : 1)}</td>
                <td class="t">{seconds((line.to - line.from) / 1000)}</td>
                <td>{line.words}</td>
                <td>
                  {line.kind !== 'missing' && (
                    <button class="button" aria-label={`Play ${shownName(source)} from ${moment(zone, line.from)}`} onClick={() => play(source, line)}>
                      Play
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      {rest > 0 && (
        <button class="button" onClick={() => setLimit(limit + step)}>
          Show {Math.min(step, rest)} more of {rest}
        </button>
      )}
    </div>
  );
}

/** Recordings that reach into the span; null while they are asked for. */
function useTracksOf({ from, to }: Span): { all: Track[] | null; error: string | null } {
  const { tracks, zone, feed } = useDesk();
  const [first, last] = [addDays(zone.date(from), -1), zone.date(Math.min(to - 1, Math.max(from, feed.now())))];
  const [state, setState] = useState<{ all: Track[] | null; error: string | null }>({ all: null, error: null });
  const { tries } = useTries(state.error !== null);
  useEffect(() => {
    let here = true;
    const days: string[] = [];
    for (let date = first; date <= last; date = addDays(date, 1)) days.push(date);
    Promise.all(days.map((date) => tracks.day(date))).then(
      (found) => here && setState({ all: found.flat(), error: null }),
      (error: unknown) => here && setState({ all: null, error: (error as Error).message }),
    );
    return () => {
      here = false;
    };
  }, [tracks, first, last, tries]);
  return state;
}
