import { describe, expect, it } from 'vitest';
import { atKnownEnd, next } from './growing';

const growing = { growing: true, chosen: false };
const finished = { growing: false, chosen: false };

describe('next', () => {
  it('goes on where it stopped when enough has been recorded meanwhile', () => {
    expect(next({ position: 60, known: 70, ...growing })).toEqual({ kind: 'play', from: 60 });
  });
  it('waits near the live end', () => {
    expect(next({ position: 60, known: 62, ...growing })).toEqual({ kind: 'wait' });
  });
  it('needs little more while the sound has not stopped', () => {
    expect(next({ position: 60, known: 62, ...growing, following: true })).toEqual({ kind: 'play', from: 60 });
    expect(next({ position: 60, known: 60.5, ...growing, following: true })).toEqual({ kind: 'wait' });
  });
  it('goes as near to the live end as it can when a person chose a place beyond it', () => {
    expect(next({ position: 90, known: 62, growing: true, chosen: true })).toEqual({ kind: 'play', from: 57 });
    expect(next({ position: 90, known: 3, growing: true, chosen: true })).toEqual({ kind: 'play', from: 0 });
  });
  it('plays the rest of what is finished, however short', () => {
    expect(next({ position: 60, known: 60.5, ...finished })).toEqual({ kind: 'play', from: 60 });
  });
  it('ends where nothing more can come', () => {
    expect(next({ position: 60, known: 60, ...finished })).toEqual({ kind: 'end' });
  });
  it('plays what has no known length', () => {
    expect(next({ position: 60, known: Infinity, ...growing })).toEqual({ kind: 'play', from: 60 });
  });
});

describe('atKnownEnd', () => {
  it('tells standing at the end from a slow network', () => {
    expect(atKnownEnd(59.9, 60)).toBe(true);
    expect(atKnownEnd(30, 60)).toBe(false);
    expect(atKnownEnd(30, NaN)).toBe(false);
  });
});
