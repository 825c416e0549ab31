import { useEffect, useState } from 'preact/hooks';
import { useTries } from '../archive/tries';
import { type Desk, useDesk } from '../desk';
import { sectionAt, spanOf } from '../review/order';
import { seconds } from '../review/words';
import { useStore } from '../store';
import { lengthOf, type Span } from '../time/span';
import { second } from '../time/zone';
import { type Edge, edgeText, placedEdge, readEdge, seen } from './cut';
import { type Cutting, cutting, nothingMarked, ofSource } from './cutting';
import { positionOf } from './position';

/** The cut in figures, and its download. */
export function CutBar({ source }: { source: string }) {
  const desk = useDesk();
  const { place, cutter } = desk;
  const stretch = useStore(place, (value) => value.stretch);
  const cut = useStore(place, (value) => value.cut);
  const [wrong, setWrong] = useState<{ edge: Edge; sentence: string } | null>(null);
  useEffect(() => setWrong(null), [cut]);
  const cuttable = useCutting(source, cut);
  const { busy, failure } = useStore(cutter.state, (value) => value);
  useEffect(() => cutter.forget(), [cutter, cut]);
  const start = (event: MouseEvent) => {
    // With a modifier the browser does what it does with any link.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void cutter.get(cutter.ask());
  };
  const sentence = wrong?.sentence ?? failure?.sentence ?? (cut === null ? null : cuttable.reason);
  const length = cut === null ? '' : ` ${seconds(lengthOf(cut) / second)}`;
  return (
    <div class="cut" role="group" aria-label="Cut">
      <span class="edges">
        cut <Field edge="from" cut={cut} stretch={stretch} wrong={wrong?.edge === 'from'} setWrong={setWrong} />
        to <Field edge="to" cut={cut} stretch={stretch} wrong={wrong?.edge === 'to'} setWrong={setWrong} />
      </span>
      {cuttable.path === null ? (
        <button class="button" disabled title={cuttable.reason}>Download{length}</button>
      ) : (
        <a class="button" href={cuttable.path} download aria-busy={busy} onClick={start}>
          {busy ? 'Cutting…' : `Download${length}`}
        </a>
      )}
      {cut === null ? <button class="button" onClick={() => place.patch({ cut: usualCut(desk, source) })}>Mark</button> : <button class="button" onClick={() => place.patch({ cut: null })}>Clear</button>}
      <p id="cut-says" class="says" role={wrong !== null || failure !== null ? 'alert' : undefined}>
        {sentence}
        {wrong === null && failure?.instead && (
          <>
            {' '}
            <button class="button" onClick={() => void cutter.get(Promise.resolve({ path: failure.instead!, reason: null }))}>Download with silence there</button>
          </>
        )}
      </p>
    </div>
  );
}

/** The section at hand, or the middle of what is shown. */
function usualCut(desk: Desk, source: string): Span {
  const { stretch } = desk.place.value;
  const section = sectionAt(desk.sections.state.value.value?.sections ?? [], source, positionOf(desk));
  const quarter = lengthOf(stretch) / 4;
  const { from, to } = section === null ? { from: stretch.from + quarter, to: stretch.to - quarter } : spanOf(section);
  return { from: seen(from, stretch), to: seen(to, stretch) };
}

interface FieldProps {
  edge: Edge;
  cut: Span | null;
  stretch: Span;
  wrong: boolean;
  setWrong: (wrong: { edge: Edge; sentence: string } | null) => void;
}

function Field({ edge, cut, stretch, wrong, setWrong }: FieldProps) {
  const { place, zone, feed } = useDesk();
  const [typed, setTyped] = useState<string | null>(null);
  const at = cut?.[edge] ?? null;
  // Whatever moved an end, both fields say where it is now.
  useEffect(() => setTyped(null), [cut]);
  const take = (text: string) => {
    if (text.trim() === '') return setTyped(null);
    const read = readEdge(text, zone, at ?? (stretch.from + stretch.to) / 2, feed.now());
    const placed = read === null ? null : placedEdge(place.value.cut, stretch, edge, read);
    if (placed === null) return setWrong({ edge, sentence: read === null ? 'Type a time of day, such as 02:31:28.5.' : 'The end must be after the start.' });
    setWrong(null);
    setTyped(null);
    place.patch({ cut: placed });
  };
  return (
    <input
      id={`cut-${edge}`}
      class="field t"
      aria-label={edge === 'from' ? 'Cut start' : 'Cut end'}
      aria-invalid={wrong}
      aria-describedby={wrong ? 'cut-says' : undefined}
      autoComplete="off"
      spellcheck={false}
      placeholder={edge === 'from' ? 'start' : 'end'}
      value={typed ?? (at === null ? '' : edgeText(zone, at))}
      onInput={({ currentTarget }) => {
        setTyped(currentTarget.value);
        if (wrong) setWrong(null);
      }}
      onChange={({ currentTarget }) => take(currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(event.currentTarget.value);
        else if (event.key === 'Escape') {
          setTyped(null);
          setWrong(null);
        }
      }}
    />
  );
}

/**
 * Whether it can be cut; asked when handles have come to rest, and taken for possible until then. What is downloaded is asked for anew:
 * who moves a handle and clicks at once means where it is now.
 */
function useCutting(source: string, cut: Span | null): Cutting {
  const { tracks, zone } = useDesk();
  const [found, setFound] = useState<Cutting>(nothingMarked);
  const [failed, setFailed] = useState(false);
  const { tries } = useTries(failed);
  useEffect(() => {
    if (cut === null) return setFound(nothingMarked);
    let wanted = true;
    const timer = setTimeout(() => {
      cutting(tracks, zone, source, cut).then(
        (answer) => {
          if (!wanted) return;
          setFound(answer);
          setFailed(false);
        },
        (error: unknown) => {
          if (!wanted) return;
          setFound({ path: null, reason: (error as Error).message });
          setFailed(true);
        },
      );
    }, 150);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [tracks, zone, source, cut, tries]);
  if (cut === null) return nothingMarked;
  // The address of what is marked now, for those who copy the link.
  return found.path !== null && source !== '' ? { path: ofSource(source, cut), reason: null } : found;
}
