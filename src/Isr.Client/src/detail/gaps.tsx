import type { Gap } from '../archive/types';
import { lengthOf, type Span } from '../time/span';

/** Narrower ones, in shares of the picture, have no room for words; all of them are hatched. */
const narrowest = 0.1;

/** Why a recording is missing, over its hatching. */
export function Gaps({ gaps, stretch }: { gaps: readonly Gap[]; stretch: Span }) {
  const share = (at: string) => Math.min(1, Math.max(0, (Date.parse(at) - stretch.from) / lengthOf(stretch)));
  return (
    <>
      {gaps.map(({ from, to, cause, sentence, open }) => {
        const [left, right] = [share(from), share(to)];
        return right - left < narrowest ? null : (
          <p key={from} class="gap" style={{ left: `${100 * left}%`, width: `${100 * (right - left)}%` }}>
            <span>
              <b>{open ? 'missing since then' : 'missing'}</b> {sentence ?? cause}
            </span>
          </p>
        );
      })}
    </>
  );
}
