import { expect, test } from 'vitest';
import { handlingOf, isPage, partsOf, shellTag } from './shell';

const scope = 'https://host.example/isr/';
const handling = (path: string, mode: RequestMode = 'cors', method = 'GET') => handlingOf({ method, mode, url: new URL(path, scope).href }, scope);

test('the page names its parts, and no other page does', () => {
  const parts = ['assets/index-BJz4SnUd.css', 'assets/index-Bul_NutE.js'];
  expect(partsOf(`<head>${shellTag(parts)}</head>`)).toEqual(parts);
  expect(partsOf('<title>Sign in</title>')).toBeNull();
  expect(partsOf(shellTag([]))).toBeNull();
  expect(partsOf(shellTag(['../download/a.flac']))).toBeNull();
});

test('the page is kept whatever its query, below any path', () => {
  expect(handling('', 'navigate')).toBe('page');
  expect(handling('?view=recordings', 'navigate')).toBe('page');
  expect(handling('index.html', 'navigate')).toBe('page');
  expect(handling('/', 'navigate')).toBeNull();
});

test('parts are those below assets', () => {
  expect(handling('assets/index-a.js')).toBe('part');
  expect(handling('/assets/index-a.js')).toBeNull();
  expect(handling('assets/index-a.js', 'navigate')).toBeNull();
});

test.for(['api/files', 'api/zip/1', 'stream/a.flac', 'live/radio', 'download/a.flac', 'assets/../api/files', 'signin', 'worker.js', 'manifest.webmanifest'])('%s is never touched', (path) => {
  expect([handling(path), handling(path, 'navigate')]).toEqual([null, null]);
});

test('what is sent is never touched', () => {
  expect(handling('', 'navigate', 'POST')).toBeNull();
  expect(handling('assets/a.js', 'cors', 'HEAD')).toBeNull();
});

test('another host is never touched', () => {
  expect(handlingOf({ method: 'GET', mode: 'cors', url: 'https://other.example/isr/assets/a.js' }, scope)).toBeNull();
});

test('only the page itself is kept, not where it led or what went wrong', () => {
  const html = new Headers({ 'Content-Type': 'text/html; charset=utf-8' });
  const answer = { ok: true, redirected: false, type: 'basic' as const, headers: html };
  expect(isPage(answer)).toBe(true);
  expect(isPage({ ...answer, redirected: true })).toBe(false);
  expect(isPage({ ...answer, ok: false })).toBe(false);
  expect(isPage({ ...answer, type: 'opaqueredirect' })).toBe(false);
  expect(isPage({ ...answer, headers: new Headers({ 'Content-Type': 'application/problem+json' }) })).toBe(false);
});
