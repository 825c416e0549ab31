import { describe, expect, it } from 'vitest';
import type { SourceStatus } from '../api/types';
import { sentence } from './sentence';

const today = '2026-11-20T15:00:00+01:00';
const source: SourceStatus = {
  name: 'Garden',
  state: 'recording',
  since: '2026-11-20T14:02:00+01:00',
  file: null,
  file_bytes: 0,
  bytes: 0,
  title: null,
  retries: 0,
  error: null,
  format: null,
};

describe('sentence', () => {
  it.each<[Partial<SourceStatus>, string, string]>([
    [{}, 'now', 'recording since 14:02'],
    [{ since: '2026-11-18T09:00:00+01:00' }, 'now', 'recording since Wed 18 Nov, 09:00'],
    [{ state: 'starting' }, 'quiet', 'starting'],
    [{ state: 'connecting' }, 'quiet', 'connecting'],
    [{ state: 'connecting', retries: 2 }, 'missing', 'reconnecting, attempt 2'],
    [{ state: 'waiting', retries: 4, error: 'connection refused' }, 'missing', 'reconnecting, attempt 4: connection refused'],
    [{ state: 'disk' }, 'missing', 'not recording since 14:02: the disk is full'],
    [{ state: 'stopped' }, 'quiet', 'stopped since 14:02'],
  ])('%o', (change, kind, text) => expect(sentence({ ...source, ...change }, today)).toEqual({ kind, text }));
});
