import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Recording } from '../api/types';
import type { Track } from '../archive/tracks';
import { second, Zone } from '../time/zone';
import type { Archive } from './following';
import { Player } from './player';
import type { Audible, Sound } from './sound';

/** How long each recording is, as the server would answer now; null while it does not. */
let server: Map<string, number> | null;

/** Stands for the browser's audio element: it knows a recording as it was when it was opened, and takes a while to start. */
class FakeAudio extends EventTarget {
  duration = NaN;
  paused = true;
  seeking = false;
  readyState = 0;
  preservesPitch = true;
  preload = '';
  latency = 37;
  opened: string[] = [];
  /** When, by the clock in milliseconds, it began to move and came to its end. */
  began = NaN;
  stopped = NaN;
  #src = '';
  #rate = 1;
  #at = 0;
  #since: number | null = null;
  #load: ReturnType<typeof setTimeout> | undefined;
  #end: ReturnType<typeof setTimeout> | undefined;

  get src(): string {
    return this.#src;
  }
  set src(src: string) {
    this.#src = src;
    this.opened.push(src);
  }
  removeAttribute(): void {
    this.#src = '';
  }
  load(): void {
    clearTimeout(this.#load);
    this.#halt(0);
    [this.paused, this.duration, this.readyState] = [true, NaN, 0];
    const src = this.#src;
    if (src === '') return;
    this.#load = setTimeout(() => {
      const length = server?.get(decodeURIComponent(src.replace(/^stream\//, '').replace(/\?.*/, '')));
      if (length === undefined) {
        this.dispatchEvent(new Event('error'));
        return;
      }
      [this.duration, this.readyState] = [length, 4];
      this.dispatchEvent(new Event('loadedmetadata'));
      this.dispatchEvent(new Event('canplay'));
    }, 60);
  }
  get playbackRate(): number {
    return this.#rate;
  }
  set playbackRate(rate: number) {
    this.#at = this.currentTime;
    if (this.#since !== null) this.#since = Math.max(this.#since, performance.now());
    this.#rate = rate;
    this.#schedule();
  }
  get ended(): boolean {
    return this.readyState > 0 && this.currentTime >= this.duration;
  }
  get currentTime(): number {
    if (this.#since === null) return this.#at;
    return Math.min(this.duration, this.#at + (Math.max(0, performance.now() - this.#since) / 1000) * this.#rate);
  }
  set currentTime(at: number) {
    this.#halt(at);
    this.seeking = true;
    setTimeout(() => {
      this.seeking = false;
      if (!this.paused) this.#run();
      this.dispatchEvent(new Event('seeked'));
    }, 20);
  }
  play(): Promise<void> {
    if (this.paused) {
      this.paused = false;
      if (!this.seeking) this.#run();
    }
    return Promise.resolve();
  }
  pause(): void {
    if (this.paused) return;
    this.#halt(this.currentTime);
    this.paused = true;
    queueMicrotask(() => this.dispatchEvent(new Event('pause')));
  }
  #run(): void {
    this.#since = performance.now() + this.latency;
    this.began = this.#since;
    this.#schedule();
  }
  #halt(at: number): void {
    clearTimeout(this.#end);
    this.#at = at;
    this.#since = null;
  }
  #schedule(): void {
    clearTimeout(this.#end);
    if (this.#since === null) return;
    const left = Math.max(0, this.#since - performance.now()) + ((this.duration - this.currentTime) / this.#rate) * 1000;
    this.#end = setTimeout(() => {
      this.stopped = performance.now();
      this.dispatchEvent(new Event('ended'));
    }, left + 1e-3);
  }
}

class FakeSound implements Sound {
  readonly delays = true;
  readonly decks = [new FakeAudio(), new FakeAudio()] as const;
  readonly delayed = [0, 0];
  readonly faded = [0, 0];
  set: [string, number][] = [];
  element = (deck: number) => this.decks[deck] as unknown as Audible;
  wake = () => {};
  delay = (deck: number, seconds: number) => void (this.delayed[deck] = seconds);
  fade = (deck: number, level: 0 | 1) => void (this.faded[deck] = level);
  gain = (value: number) => void this.set.push(['gain', value]);
  highPass = (value: number) => void this.set.push(['highPass', value]);
}

const noon = Date.parse('2026-11-20T12:00:00Z');
const utc = new Zone({ zone: 'UTC', offsets: [{ from: '2000-01-01T00:00:00Z', minutes: 0 }] });

/** Recordings of one source, by when they begin in seconds after noon, and how long they are. */
class FakeArchive implements Archive {
  zone = utc;
  tracks: Track[] = [];
  add(name: string, from: number, length: number, recording = false): void {
    this.tracks = this.tracks.filter((track) => track.recording.name !== name);
    this.tracks.push({ recording: { name, recording } as Recording, source: 'garden', from: noon + from * second, to: noon + (from + length) * second });
    server?.set(name, length);
  }
  remove(name: string): void {
    this.tracks = this.tracks.filter((track) => track.recording.name !== name);
    server?.delete(name);
  }
  endOf = ({ to }: Track) => to;
  at = async (_: string, at: number) => this.#sure().find((track) => track.from <= at && at < track.to) ?? null;
  after = async (_: string, at: number) => this.#sure().find((track) => track.from > at) ?? null;
  again = async ({ recording }: Track) => this.#sure().find((track) => track.recording.name === recording.name) ?? null;
  #sure(): Track[] {
    if (server === null) throw new Error('The server does not answer.');
    return this.tracks;
  }
}

const seconds = (at: number) => (at - noon) / second;
const run = (time: number) => vi.advanceTimersByTimeAsync(time * 1000);

describe('Player', () => {
  let archive: FakeArchive;
  let sound: FakeSound;
  let player: Player;
  let kept: Map<string, string>;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'Date'] });
    vi.setSystemTime(noon + 3600 * second);
    server = new Map();
    vi.stubGlobal('fetch', async (url: string) => {
      if (server === null) throw new TypeError('refused');
      return new Response(null, { status: server.has(url.replace(/^stream\//, '')) ? 200 : 404 });
    });
    [archive, sound, kept] = [new FakeArchive(), new FakeSound(), new Map()];
    player = make();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function make(): Player {
    return new Player(archive, () => Date.now(), {
      sound,
      clock: () => performance.now(),
      storage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
    });
  }

  it('plays a moment in the midst of a recording, and says to the millisecond where it is', async () => {
    archive.add('a.flac', 0, 60);
    player.play('garden', noon + 20 * second);
    await run(5);
    const audio = sound.decks[0];
    expect(audio.currentTime).toBeGreaterThan(24);
    expect(seconds(player.position())).toBeCloseTo(audio.currentTime, 3);
    expect(player.state.value).toMatchObject({ source: 'garden', name: 'a.flac', playing: true, waiting: false, error: null, note: null });
  });

  it.each([1, 0.5, 2, 4])('joins what follows to the millisecond at speed %d, however long an element takes to start', async (speed) => {
    archive.add('a.flac', 0, 30);
    archive.add('b.flac', 30.004, 30);
    archive.add('c.flac', 60.001, 30);
    const [one, two] = sound.decks;
    two.latency = 211;
    player.setSpeed(speed);
    player.play('garden', noon + 28 * second);
    await run(2.6 / speed + 0.5);
    expect(seconds(player.position())).toBeGreaterThan(30);
    expect(two.began + sound.delayed[1]! * 1000 - one.stopped).toBeCloseTo(0, -0.5);
    expect(sound.faded[1]).toBe(1);

    one.latency = 5;
    await run(30 / speed);
    expect(player.state.value.name).toBe('c.flac');
    // The second one was heard so much later than its element went.
    expect(one.began + sound.delayed[0]! * 1000 - (two.stopped + sound.delayed[1]! * 1000)).toBeCloseTo(0, -0.5);
  });

  it('moves on evenly over a joint', async () => {
    archive.add('a.flac', 0, 10);
    archive.add('b.flac', 10, 10);
    player.play('garden', noon + 5 * second);
    await run(0.5);
    const steps: number[] = [];
    let before = player.position();
    const look = setInterval(() => {
      steps.push(player.position() - before);
      before = player.position();
    }, 10);
    await run(7);
    clearInterval(look);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps)).toBeLessThan(25);
    expect(seconds(before)).toBeGreaterThan(12);
  });

  it('passes over a gap and says so', async () => {
    archive.add('a.flac', 0, 10);
    archive.add('b.flac', 10 + 19 * 60, 10);
    player.play('garden', noon + 8 * second);
    await run(4);
    expect(player.state.value).toMatchObject({ name: 'b.flac', note: '19 minutes missing, 12:00 to 12:19: passed over.' });
  });

  it('plays what follows where a gap was clicked into, and says so', async () => {
    archive.add('a.flac', 0, 10);
    archive.add('b.flac', 600, 10);
    player.play('garden', noon + 300 * second);
    await run(2);
    expect(player.state.value).toMatchObject({ name: 'b.flac', note: 'Nothing was recorded at 12:05:00: playing from 12:10:00.' });
    expect(seconds(player.position())).toBeGreaterThan(600);
  });

  it('opens a recording that grows anew before it comes to the end it knew, and goes on in the same place', async () => {
    vi.setSystemTime(noon + 60 * second);
    archive.add('a.flac', 0, 60, true);
    const grow = setInterval(() => archive.add('a.flac', 0, (Date.now() - noon) / 1000, true), 100);
    player.play('garden', noon + 50 * second);
    await run(9.4);
    const [one, two] = sound.decks;
    const [cue, before] = [two.currentTime, one.currentTime];
    expect(two.opened[0]).not.toBe(one.opened[0]);
    // Both are at the same sound when the first one is taken away.
    expect((before - cue) * 1000).toBeCloseTo((sound.delayed[0]! - sound.delayed[1]!) * 1000, -0.5);
    await run(60);
    expect(player.state.value).toMatchObject({ playing: true, waiting: false, name: 'a.flac' });
    expect(Date.now() - player.position()).toBeLessThan(10.3 * second);
    clearInterval(grow);
  });

  it('does not notice a split', async () => {
    vi.setSystemTime(noon + 60 * second);
    archive.add('a.flac', 0, 60, true);
    const grow = setInterval(() => {
      const now = (Date.now() - noon) / 1000;
      archive.add('a.flac', 0, Math.min(now, 70), now < 70);
      if (now > 70.5) archive.add('b.flac', 70.002, now - 70, true);
    }, 100);
    player.play('garden', noon + 52 * second);
    const waits: boolean[] = [];
    player.state.subscribe(() => waits.push(player.state.value.waiting));
    await run(40);
    clearInterval(grow);
    expect(player.state.value).toMatchObject({ name: 'b.flac', playing: true, note: null });
    expect(waits).not.toContain(true);
    expect(Date.now() - player.position()).toBeLessThan(8.3 * second);
  });

  it('waits at the live end and goes on by itself', async () => {
    vi.setSystemTime(noon + 61 * second);
    archive.add('a.flac', 0, 61, true);
    player.setSpeed(4);
    player.play('garden', noon + 40 * second);
    await run(8);
    expect(player.state.value).toMatchObject({ playing: true, waiting: true });
    expect(seconds(player.position())).toBeCloseTo(61, 1);
    archive.add('a.flac', 0, 80, true);
    await run(3);
    expect(player.state.value).toMatchObject({ playing: true, waiting: false });
    expect(seconds(player.position())).toBeGreaterThan(61);
  });

  it('ends where nothing follows any more', async () => {
    archive.add('a.flac', 0, 10);
    player.play('garden', noon + 8 * second);
    await run(4);
    expect(player.state.value).toMatchObject({ playing: false, waiting: false, note: 'Nothing was recorded after 12:00:10.' });
  });

  it('goes on where it was when the server is back, without a click', async () => {
    archive.add('a.flac', 0, 10);
    archive.add('b.flac', 10, 600);
    player.play('garden', noon);
    await run(1);
    const there = server;
    server = null;
    await run(60);
    expect(player.state.value).toMatchObject({ playing: true, waiting: true, error: 'The server does not answer. Playing goes on by itself as soon as it does.' });
    expect(seconds(player.position())).toBeCloseTo(10, 1);
    server = there;
    await run(20);
    expect(player.state.value).toMatchObject({ playing: true, waiting: false, error: null, name: 'b.flac' });
    expect(seconds(player.position())).toBeGreaterThan(10);
  });

  it('says when a recording is no longer there', async () => {
    archive.add('a.flac', 0, 10);
    server!.delete('a.flac');
    player.play('garden', noon);
    await run(1);
    expect(player.state.value).toMatchObject({ playing: false, error: 'This recording is no longer there: it was deleted or moved.' });
  });

  it('pauses where it is, also in the midst of a joint, and goes on there', async () => {
    archive.add('a.flac', 0, 10);
    archive.add('b.flac', 10, 10);
    player.play('garden', noon + 8 * second);
    await run(1.8);
    player.pause();
    const at = player.position();
    await run(5);
    expect(player.position()).toBe(at);
    expect(sound.faded).toEqual([0, 0]);
    player.toggle();
    await run(2);
    expect(player.state.value).toMatchObject({ playing: true, name: 'b.flac' });
    expect(player.position() - at).toBeGreaterThan(1.7 * second);
    expect(player.position() - at).toBeLessThan(2 * second);
  });

  it('seeks within what is open without opening it again', async () => {
    archive.add('a.flac', 0, 60);
    player.play('garden', noon + 8 * second);
    await run(1);
    player.seek(noon + 40 * second);
    expect(seconds(player.position())).toBe(40);
    await run(1);
    expect(seconds(player.position())).toBeGreaterThan(40.8);
    expect(sound.decks.flatMap(({ opened }) => opened)).toHaveLength(1);
  });

  it('stops where it is to, to the look, and lets whoever wanted that go on from there', async () => {
    archive.add('a.flac', 0, 60);
    const reached: number[] = [];
    player.play('garden', noon + 20 * second, { to: noon + 22.3 * second, reached: () => reached.push(seconds(player.position())) });
    await run(5);
    expect(reached).toHaveLength(1);
    expect(reached[0]).toBeCloseTo(22.3, 1.5);
    expect(player.state.value.playing).toBe(false);

    const times: string[] = [];
    const later = () => {
      times.push('second');
      player.play('garden', noon + 50 * second);
    };
    player.play('garden', noon + 30 * second, { to: noon + 31 * second, reached: later });
    await run(4);
    expect(times).toEqual(['second']);
    expect(player.state.value.playing).toBe(true);
    expect(seconds(player.position())).toBeGreaterThan(51);
  });

  it('has reached a limit that nothing recorded leads up to, and keeps one over a pause and a step back', async () => {
    archive.add('a.flac', 0, 10);
    archive.add('b.flac', 600, 10);
    let reached = 0;
    const limit = (to: number) => ({ to: noon + to * second, reached: () => void reached++ });
    player.play('garden', noon + 8 * second, limit(12));
    await run(4);
    expect(reached).toBe(1);
    expect(player.state.value).toMatchObject({ playing: false, name: 'a.flac' });

    player.play('garden', noon + 608 * second, limit(612));
    await run(30);
    expect(reached).toBe(2);

    player.play('garden', noon + 2 * second, limit(5));
    await run(1);
    player.toggle();
    await run(5);
    player.seek(noon + 1 * second);
    player.toggle();
    await run(3);
    expect(reached).toBe(2);
    await run(3);
    expect(reached).toBe(3);

    player.play('garden', noon + 2 * second, limit(5));
    player.seek(noon + 6 * second);
    expect(player.limit).toBeNull();
  });

  it('drops what an older click brings', async () => {
    archive.add('a.flac', 0, 60);
    archive.add('b.flac', 600, 60);
    player.play('garden', noon + 8 * second);
    player.play('garden', noon + 610 * second);
    await run(1);
    expect(player.state.value.name).toBe('b.flac');
    expect(sound.decks.filter(({ paused }) => !paused)).toHaveLength(1);
  });

  it('follows a pause by the browser', async () => {
    archive.add('a.flac', 0, 60);
    player.play('garden', noon);
    await run(1);
    sound.decks[0].pause();
    await run(0.1);
    expect(player.state.value.playing).toBe(false);
  });

  it('keeps what was set', () => {
    player.setSpeed(1.5);
    player.setGain(12);
    player.setHighPass(120);
    expect(make().state.value).toMatchObject({ speed: 1.5, gain: 12, highPass: 120 });
    expect(sound.set.slice(-2)).toEqual([['gain', 12], ['highPass', 120]]);
    kept.set('player', '{"speed":17,"gain":"loud"');
    expect(make().state.value).toMatchObject({ speed: 1, gain: 0, highPass: 0 });
  });
});
