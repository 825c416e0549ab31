import { expect, test, vi } from 'vitest';
import { Undo } from './undo';

function doing(words: string, log: string[]) {
  return { words, back: () => Promise.resolve((log.push(words), `${words} no more.`)) };
}

test('What was done last is taken back first, each once', async () => {
  const [log, told]: [string[], string[]] = [[], []];
  const undo = new Undo((sentence) => told.push(sentence));
  undo.push(doing('One', log));
  undo.push(doing('Two', log));
  await undo.back();
  await undo.back();
  await undo.back();
  expect(log).toEqual(['Two', 'One']);
  expect(told).toEqual(['One', 'Two', 'Two no more.', 'One no more.', 'There is nothing to undo.']);
});

test('What could not be taken back may be tried again', async () => {
  let isThere = false;
  const undo = new Undo(() => {});
  undo.push({ words: 'Deleted', back: () => (isThere ? Promise.resolve('Back.') : Promise.reject(new Error('The server does not answer.'))) });
  await undo.back();
  expect(undo.told.value).toEqual({ offer: 'again', words: 'It was not undone: The server does not answer.' });
  isThere = true;
  await undo.back();
  expect(undo.told.value).toEqual({ offer: null, words: 'Back.' });
});

test('What is done meanwhile stays', async () => {
  const log: string[] = [];
  const undo = new Undo(() => {});
  const finish: ((told: string) => void)[] = [];
  undo.push({ words: 'Slow', back: () => new Promise((resolve) => void finish.push(resolve)) });
  const running = undo.back();
  undo.push(doing('New', log));
  await vi.waitUntil(() => finish.length === 1);
  finish[0]!('Slow no more.');
  await running;
  await undo.back();
  expect(log).toEqual(['New']);
});

test('What has a button of its own is taken back by that, out of turn', async () => {
  const log: string[] = [];
  const undo = new Undo(() => {});
  const one = doing('One', log);
  undo.push(one);
  undo.push(doing('Two', log));
  await undo.back(one);
  await Promise.all([undo.back(one), undo.back(), undo.back()]);
  expect(log).toEqual(['One', 'Two']);
});
