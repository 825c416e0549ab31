import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Player } from './player';

/** Stands for the browser's audio element; the test says what the browser finds. */
class TestAudio extends EventTarget {
  src = '';
  currentTime = 0;
  duration = NaN;
  ended = false;
  sounding = false;

  load(): void {
    this.currentTime = 0;
    this.duration = NaN;
    this.ended = false;
    this.sounding = false;
  }
  play(): Promise<void> {
    this.sounding = true;
    return Promise.resolve();
  }
  pause(): void {
    this.sounding = false;
    this.dispatchEvent(new Event('pause'));
  }
  find(duration: number): void {
    this.duration = duration;
    this.dispatchEvent(new Event('loadedmetadata'));
  }
  playTo(position: number): void {
    this.currentTime = position;
    this.dispatchEvent(new Event('timeupdate'));
  }
  end(): void {
    this.playTo(this.duration);
    this.ended = true;
    this.sounding = false;
    this.dispatchEvent(new Event('pause'));
    this.dispatchEvent(new Event('ended'));
  }
}

describe('Player', () => {
  let audio: TestAudio;
  let growing: boolean;
  let player: Player;

  beforeEach(() => {
    vi.useFakeTimers();
    audio = new TestAudio();
    growing = true;
    player = new Player(audio as unknown as HTMLAudioElement, () => growing);
  });
  afterEach(() => vi.useRealTimers());

  it('encodes each part of a name', () => {
    growing = false;
    player.toggle('Küche & Bad/a#1.mp3');
    expect(audio.src).toBe('stream/K%C3%BCche%20%26%20Bad/a%231.mp3');
  });

  it('goes on past the end it knew, from the same place, at a new address', () => {
    player.toggle('a.mp3');
    audio.find(60);
    const first = audio.src;
    audio.end();
    expect(audio.src).not.toBe(first);
    expect(player.state.value).toMatchObject({ playing: true, position: 60 });
    audio.find(120);
    expect(audio.currentTime).toBe(60);
    expect(audio.sounding).toBe(true);
    expect(player.state.value).toMatchObject({ playing: true, waiting: false, position: 60, known: 120 });
  });

  it('does not show the start while it opens again', () => {
    player.toggle('a.mp3');
    audio.find(60);
    audio.end();
    audio.dispatchEvent(new Event('timeupdate'));
    expect(player.state.value.position).toBe(60);
  });

  it('waits near the live end and tries again', () => {
    player.toggle('a.mp3');
    audio.find(60);
    audio.end();
    audio.find(61);
    expect(player.state.value).toMatchObject({ playing: true, waiting: true, position: 60 });
    const before = audio.src;
    vi.advanceTimersByTime(2000);
    expect(audio.src).not.toBe(before);
    audio.find(66);
    expect(audio.currentTime).toBe(60);
    expect(player.state.value).toMatchObject({ playing: true, waiting: false });
  });

  it('plays the tail of a file that finished meanwhile, then stops', () => {
    player.toggle('a.mp3');
    audio.find(60);
    growing = false;
    audio.end();
    audio.find(60.8);
    expect(audio.currentTime).toBe(60);
    expect(audio.sounding).toBe(true);
    audio.end();
    expect(player.state.value).toMatchObject({ playing: false, position: 60.8 });
  });

  it('stops after a file that finished without more', () => {
    player.toggle('a.mp3');
    audio.find(60);
    growing = false;
    audio.end();
    audio.find(60);
    expect(player.state.value).toMatchObject({ playing: false, position: 60 });
    expect(audio.sounding).toBe(false);
  });

  it('takes standing still at the known end for the end', () => {
    player.toggle('a.mp3');
    audio.find(60);
    const first = audio.src;
    audio.playTo(30);
    audio.dispatchEvent(new Event('waiting'));
    expect(audio.src).toBe(first);
    audio.playTo(59.9);
    audio.dispatchEvent(new Event('waiting'));
    expect(audio.src).not.toBe(first);
  });

  it('opens again for a place beyond what it knows', () => {
    player.toggle('a.mp3');
    audio.find(60);
    player.seek(100);
    audio.find(200);
    expect(audio.currentTime).toBe(100);
  });

  it('pauses while waiting and goes on later', () => {
    player.toggle('a.mp3');
    audio.find(60);
    audio.end();
    audio.find(60.5);
    player.toggle();
    const paused = audio.src;
    vi.advanceTimersByTime(60_000);
    expect(audio.src).toBe(paused);
    player.toggle();
    audio.find(120);
    expect(audio.currentTime).toBe(60);
    expect(audio.sounding).toBe(true);
  });

  it('waits for a file that has nothing to play yet', () => {
    player.toggle('a.mp3');
    audio.dispatchEvent(new Event('error'));
    expect(player.state.value).toMatchObject({ playing: true, waiting: true, error: null });
    vi.advanceTimersByTime(2000);
    audio.find(10);
    expect(audio.sounding).toBe(true);
  });

  it('says when a finished file cannot be played, and tries again when asked', () => {
    growing = false;
    player.toggle('a.mp3');
    audio.dispatchEvent(new Event('error'));
    expect(player.state.value.playing).toBe(false);
    expect(player.state.value.error).not.toBeNull();
    player.toggle();
    audio.find(10);
    expect(player.state.value).toMatchObject({ playing: true, error: null });
  });

  it('follows a pause by the browser', () => {
    player.toggle('a.mp3');
    audio.find(60);
    audio.pause();
    expect(player.state.value.playing).toBe(false);
  });
});
