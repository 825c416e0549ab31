import { useMemo } from 'preact/hooks';
import type { SourceCoverage } from '../archive/types';
import { cellInWords, cellsOf, stripInWords } from './coverage';

/** A cell for each of the last 30 days: as high as was recorded of it, hatched above that. */
export function Strip({ coverage, today }: { coverage: SourceCoverage | null; today: string }) {
  const cells = useMemo(() => cellsOf(coverage, today), [coverage, today]);
  return (
    <span class="month">
      <span class="unseen">{coverage === null ? '' : stripInWords(cells)}</span>
      <span class="cells" aria-hidden="true">
        {cells.map((cell) => (
          <i key={cell.date} class={cell.share === null ? 'none' : cell.missing < 1 ? 'whole' : 'part'} title={cellInWords(cell)}>
            {/* What is there or missing at all is seen, however little it is. */}
            {cell.share !== null && cell.missing >= 1 && <i style={{ height: `${Math.min(85, Math.max(cell.share > 0 ? 8 : 0, cell.share * 100))}%` }} />}
          </i>
        ))}
      </span>
    </span>
  );
}
