import { describe, expect, it } from 'vitest';
import type { SourceStatus } from '../api/types';
import { detail, sentence } from './sentence';

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
    [{ state: 'waiting', retries: 4, error: 'connection refused' }, 'missing', 'reconnecting, attempt 4, last error: connection refused'],
    [{ state: 'disk' }, 'missing', 'not recording since 14:02: the disk is full'],
    [{ state: 'stopped' }, 'quiet', 'stopped since 14:02'],
  ])('%o', (change, kind, text) => expect(sentence({ ...source, ...change }, today)).toEqual({ kind, text }));
});

describe('detail', () => {
  it.each<[Partial<SourceStatus>, string | null]>([
    [{}, null],
    [{ format: 'MP3 128 kbit/s' }, 'MP3 128 kbit/s'],
    [{ format: 'MP3 128 kbit/s', title: 'News' }, 'News'],
    [{ format: 'PCM 48 kHz', drift_ppm: null, overruns: 0, clipped: 0 }, 'PCM 48 kHz'],
    [{ format: 'PCM 48 kHz', drift_ppm: 12.34, overruns: 1 }, 'PCM 48 kHz, +12.3 ppm, 1 overrun'],
    [{ format: 'PCM 48 kHz', drift_ppm: -0.5, overruns: 2, clipped: 7 }, 'PCM 48 kHz, -0.5 ppm, 2 overruns, 7 clipped'],
  ])('%o', (change, text) => expect(detail({ ...source, ...change })).toBe(text));
});
