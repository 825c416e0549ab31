import { useState } from 'preact/hooks';
import { useDesk } from '../desk';
import { LabelsDialog } from '../marks/labelsdialog';
import { useMayManage } from '../page/session';
import { useStore } from '../store';
import { entryAtHand, ignore, label, protect, reviewed, unreview } from './acts';
import { useListed } from './uselisted';

/** What to say of the section at hand, by pointer and thumb; keys do the same. */
export function VerdictBar() {
  const desk = useDesk();
  const { labels, place } = desk;
  const names = useStore(labels.state, (state) => state.names);
  const [editing, setEditing] = useState(false);
  const mayManage = useMayManage();
  useListed();
  useStore(place, ({ source }) => source);
  useStore(place, ({ at }) => at);
  const entry = entryAtHand(desk);
  if (!mayManage) return null;
  const said = entry?.said;
  const nothing = entry === null;
  const words: { name: string; key: number | null }[] = (names ?? []).map((name, i) => ({ name, key: i + 1 })).filter(({ name }) => name !== '');
  // A word that no key has any more.
  if (said !== undefined && said.label !== null && !words.some(({ name }) => name === said.label)) words.push({ name: said.label, key: null });
  return (
    <div class="verdict" role="group" aria-label="The section at hand">
      <button class="button" disabled={nothing} aria-pressed={said?.reviewed ?? false} title="Reviewed, and on to the next (R)" onClick={() => (said?.reviewed === true ? unreview(desk, entry!) : void reviewed(desk, entry!))}>Reviewed</button>
      <button class="button" disabled={nothing} aria-pressed={said?.ignored ?? false} title="Not what is looked for (X)" onClick={() => void ignore(desk, entry!)}>Not this</button>
      <button class="button" disabled={nothing} aria-pressed={said?.protected ?? false} title="Nothing deletes its recordings (S)" onClick={() => protect(desk, entry!)}>Keep</button>
      <span class="words" role="group" aria-label="Labels">
        {words.map(({ name, key }) => (
          <button key={`${key} ${name}`} class="button" disabled={nothing} aria-pressed={said?.label === name} title={key === null ? undefined : `${name} (${key})`} onClick={() => label(desk, entry!, name)}>
            {key !== null && <span class="t">{key}</span>} {name}
          </button>
        ))}
      </span>
      {/* The same where there is no room for all. */}
      <select class="field" aria-label="Label" disabled={nothing} value={said?.label ?? ''} onChange={({ currentTarget }) => label(desk, entry!, currentTarget.value || said!.label!)}>
        <option value="">no label</option>
        {words.map(({ name, key }) => <option key={`${key} ${name}`} value={name}>{name}</option>)}
      </select>
      <button class="button" onClick={() => setEditing(true)}>Labels…</button>
      <LabelsDialog open={editing} close={() => setEditing(false)} />
    </div>
  );
}
