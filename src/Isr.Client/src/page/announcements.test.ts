import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Announcements } from './announcements';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('What is said at once is read as a whole, and later sentences alone', () => {
  const announcements = new Announcements();
  announcements.say('Reviewed 02:31:28');
  announcements.say('02:40:10, garden');
  expect(announcements.last.value).toBe('Reviewed 02:31:28. 02:40:10, garden');
  vi.advanceTimersByTime(1000);
  announcements.say('That was the last section.');
  expect(announcements.last.value).toBe('That was the last section.');
  vi.advanceTimersByTime(1000);
  announcements.say('That was the last section.');
  expect(announcements.last.value).not.toBe('That was the last section.');
});
