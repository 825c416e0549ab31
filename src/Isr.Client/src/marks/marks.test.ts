import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Mark } from './mark';
import { Marks } from './marks';

/** The server's marks, and what it was asked. */
let there: Map<string, Mark>;
let asked: string[];
let refuses: string | null;
/** Held back until they are let go. */
let held: (() => void)[] | null;

beforeEach(() => {
  [there, asked, refuses, held] = [new Map(), [], null, null];
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: RequestInit) => {
    asked.push(`${method} ${path}`);
    const before = JSON.stringify([...there.values()]);
    if (held !== null) await new Promise<void>((resolve) => void held!.push(resolve));
    if (method === 'GET') return new Response(before);
    if (refuses !== null) return new Response(JSON.stringify({ error: refuses }), { status: 403 });
    if (method === 'DELETE') return new Response('{}', { status: there.delete(path.split('/').at(-1)!) ? 200 : 404 });
    const put = JSON.parse(String(body)) as { id: string; source?: string }[];
    for (const each of put) {
      each.source = 'garden';
      there.set(each.id, each as Mark);
    }
    return new Response(JSON.stringify(put));
  });
});
afterEach(() => vi.unstubAllGlobals());

const mark = (id: string): Mark => ({ id, file: 'garden/a.flac', start: 1, end: 2, reviewed: true });
const ids = (marks: Marks) => marks.state.value.marks.map(({ id }) => id).toSorted();

test('A change is seen at once, and is as the server has it when that answers', async () => {
  const marks = new Marks();
  marks.ask('2026-11-21', '2026-11-21');
  await vi.waitUntil(() => asked.length === 1);
  const changing = marks.change([mark('a')], []);
  expect(ids(marks)).toEqual(['a']);
  await changing;
  expect(marks.find('a')).toMatchObject({ source: 'garden' });
  await marks.change([], ['a']);
  expect(ids(marks)).toEqual([]);
  expect(there.size).toBe(0);
});

test('What the server refuses is as it was before, and its sentence is told', async () => {
  there.set('a', mark('a'));
  const marks = new Marks();
  marks.ask('2026-11-21', '2026-11-21');
  await vi.waitUntil(() => ids(marks).length === 1);
  refuses = 'You may listen only.';
  const changing = marks.change([mark('b')], ['a']);
  expect(ids(marks)).toEqual(['b']);
  await expect(changing).rejects.toThrow('You may listen only.');
  expect(ids(marks)).toEqual(['a']);
});

test('Changes are sent one after the other, and what is gone already is gone', async () => {
  const marks = new Marks();
  held = [];
  const first = marks.change([mark('a')], []);
  const second = marks.change([], ['a', 'never']);
  expect(ids(marks)).toEqual([]);
  await vi.waitUntil(() => held!.length === 1);
  expect(asked).toEqual(['PUT api/marks']);
  held.splice(0).forEach((go) => go());
  held = null;
  await Promise.all([first, second]);
  expect(asked).toEqual(['PUT api/marks', 'DELETE api/marks/a', 'DELETE api/marks/never']);
  expect(there.size).toBe(0);
});

test('A list that was read before a change, and comes after it, does not take it back', async () => {
  const marks = new Marks();
  held = [];
  marks.ask('2026-11-21', '2026-11-21');
  await vi.waitUntil(() => held!.length === 1);
  const list = held.splice(0);
  held = null;
  await marks.change([mark('a')], []);
  list[0]!();
  await vi.waitUntil(() => asked.filter((each) => each.startsWith('GET')).length === 2);
  expect(ids(marks)).toEqual(['a']);
});
