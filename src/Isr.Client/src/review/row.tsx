import { useDesk } from '../desk';
import type { Said } from '../marks/said';
import { shownName } from '../timeline/rows';
import type { Entry } from './entry';
import { seconds } from './words';

interface Props {
  id: string;
  number: number;
  entry: Entry;
  /** Of the loudest. */
  share: number;
  selected: boolean;
  /** They are of more than one day. */
  dated: boolean;
  choose: () => void;
}

/** A section in the queue. Reviewed ones fade, and stay. */
export function Row({ id, number, entry: { section, said }, share, selected, dated, choose }: Props) {
  const { zone } = useDesk();
  const start = Date.parse(section.start);
  const length = (Date.parse(section.end) - start) / 1000;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list has the keys
    <div id={id} class={said.ignored ? 'row ignored' : said.reviewed ? 'row reviewed' : 'row'} role="option" tabIndex={-1} aria-selected={selected} onClick={choose}>
      <span class="number t">{number}</span>{' '}
      <span class="t">{zone.exactClock(start)}</span>{' '}
      <span class="bar">
        <i style={{ width: `${100 * share}%` }} />
      </span>
      <span class="score t">
        +{section.score.toFixed(1)} <span class="unseen">decibels above noise,</span>
      </span>{' '}
      <span class="about">
        <span class="what">
          {dated && <span class="t">{zone.date(start)} </span>}
          {shownName(section.source)}, <span class="t">{seconds(length)}</span>
        </span>{' '}
        <Tags said={said} />
      </span>
    </div>
  );
}

function Tags({ said: { label, protected: kept, reviewed, ignored } }: { said: Said }) {
  const words = [kept ? 'kept' : null, ignored ? 'not this' : reviewed ? 'reviewed' : null].filter((word) => word !== null);
  return (
    <span class="tags">
      {label !== null && <b>{label}</b>}
      {words.map((word) => <span key={word}>{word}</span>)}
    </span>
  );
}
