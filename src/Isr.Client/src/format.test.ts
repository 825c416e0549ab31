import { describe, expect, it } from 'vitest';
import { bytes, clock, day, duration, plural, spokenDuration } from './format';

describe('duration', () => {
  it.each([
    [0, '0:00:00'],
    [59.99, '0:00:59'],
    [3600, '1:00:00'],
    [3661, '1:01:01'],
    [360000, '100:00:00'],
    [-1, '0:00:00'],
  ])('%d s is %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});

describe('spokenDuration', () => {
  it.each([
    [0, '0 seconds'],
    [61, '1 minute 1 second'],
    [7200, '2 hours'],
    [3723, '1 hour 2 minutes 3 seconds'],
  ])('%d s is %s', (seconds, text) => expect(spokenDuration(seconds)).toBe(text));
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9_960, '10 kB'],
    [999_600, '1.0 MB'],
    [412e9, '412 GB'],
    [1.44e7, '14 MB'],
  ])('%d is %s', (count, text) => expect(bytes(count)).toBe(text));
});

describe('day', () => {
  it('names the weekday', () => expect(day('2026-11-20')).toBe('Fri 20 Nov 2026'));
  it('knows leap days', () => expect(day('2028-02-29')).toBe('Tue 29 Feb 2028'));
  it('leaves alone what is no date', () => expect(day('')).toBe(''));
});

describe('clock', () => {
  it('is the clock as written, whatever the offset', () => {
    expect(clock('2026-11-20T14:02:10+09:00')).toBe('14:02');
  });
  it('names another day', () => {
    expect(clock('2026-11-19T23:58:00+01:00', '2026-11-20T08:00:00+01:00')).toBe('Thu 19 Nov, 23:58');
  });
});

describe('plural', () => {
  it.each([[0, '0 files'], [1, '1 file'], [2, '2 files']])('%d', (count, text) => {
    expect(plural(count, 'file')).toBe(text);
  });
});
