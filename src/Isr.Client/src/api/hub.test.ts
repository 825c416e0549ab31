import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { beat, Hub, type Passed, type Tab } from './hub';
import type { Line, Tell } from './line';

class FakeTab implements Tab {
  readonly got: string[] = [];

  pass([type]: Passed): void {
    if (type !== 'here') this.got.push(type);
  }
}

let lines: { tell: Tell; isOpen: boolean; isClosed: boolean }[] = [];
let now = 0;

function hub(): Hub {
  return new Hub(
    (tell) => {
      const line = { tell, isOpen: false, isClosed: false };
      lines.push(line);
      return { get isOpen() { return line.isOpen; }, check: () => {}, close: () => { line.isClosed = true; } } satisfies Line;
    },
    () => now,
  );
}

function pass(beats: number, each: () => void): void {
  for (let i = 0; i < beats; i++) {
    now += beat;
    each();
    vi.advanceTimersByTime(beat);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  [lines, now] = [[], 0];
});
afterEach(() => void vi.useRealTimers());

test('all tabs that are seen hear the same line, and one that comes later is told that it is open', () => {
  const [shared, first, second] = [hub(), new FakeTab(), new FakeTab()];
  shared.hear(first, 'seen');
  lines[0]!.isOpen = true;
  lines[0]!.tell('open', '');
  shared.hear(second, 'seen');
  shared.hear(second, 'seen');
  lines[0]!.tell('marks', '{}');

  expect(lines).toHaveLength(1);
  expect(first.got).toEqual(['open', 'marks']);
  expect(second.got).toEqual(['open', 'marks']);
});

test('the line is closed when the last tab is gone, and opened anew when one is seen', () => {
  const [shared, first, second] = [hub(), new FakeTab(), new FakeTab()];
  shared.hear(first, 'seen');
  shared.hear(second, 'seen');
  shared.hear(first, 'gone');
  expect(lines[0]!.isClosed).toBe(false);
  shared.hear(second, 'gone');
  expect(lines[0]!.isClosed).toBe(true);
  shared.hear(first, 'seen');
  expect(lines).toHaveLength(2);
});

test('a tab that says nothing any more has died', () => {
  const [shared, alive, dead] = [hub(), new FakeTab(), new FakeTab()];
  shared.hear(alive, 'seen');
  shared.hear(dead, 'seen');
  pass(5, () => shared.hear(alive, 'seen'));
  lines[0]!.tell('marks', '{}');
  expect([alive.got, dead.got]).toEqual([['marks'], []]);

  pass(5, () => {});
  expect(lines[0]!.isClosed).toBe(true);
});
