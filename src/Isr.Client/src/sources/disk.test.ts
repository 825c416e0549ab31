import { expect, test } from 'vitest';
import { partsOf, type Retention, retentionInWords, spaceInWords } from './disk';

const retention: Retention = {
  is_on: false, doubt: 'The clock is in doubt.', files: 83, bytes: 734_587_541, trash_files: 0, trash_bytes: 0, kept: 0, kept_bytes: 0,
  forecast: { sentences: ['The disk is full in 145 days.'] },
};

test('without limits nothing is deleted by itself, whatever is in doubt', () => {
  expect(retentionInWords(retention)).toEqual(['83 recordings, 735 MB.', 'Nothing is deleted by itself, as no limit is set.']);
});

test('with limits it is said why nothing is deleted now, what stays and what is in the trash', () => {
  expect(retentionInWords({ ...retention, is_on: true, kept: 2, kept_bytes: 1_000_000, trash_files: 1, trash_bytes: 9_900_000, shortfalls: ['keep_free_gb cannot be kept.'] })).toEqual([
    '83 recordings, 735 MB; 2 of them, 1.0 MB, stay as they are protected or labelled.',
    'In the trash: 1 recording, 9.9 MB. Each goes for good after a week.',
    'Nothing is deleted by itself now: The clock is in doubt.',
    'keep_free_gb cannot be kept.',
  ]);
  expect(retentionInWords({ ...retention, is_on: true, doubt: null })).toHaveLength(1);
});

test('space is told as far as it is known', () => {
  expect(spaceInWords({ disk_free: 76_529_590_272, disk_total: 270_553_174_016 })).toBe('77 GB of 271 GB are free.');
  expect(spaceInWords({ disk_free: 1000, disk_total: null })).toBe('1.0 kB are free.');
  expect(spaceInWords({ disk_free: null, disk_total: null })).toBe('How much of the disk is free is not known.');
});

test('the disk is divided into recordings, all else and what is free, which together are all of it', () => {
  const parts = partsOf({ disk_free: 76_000_000_000, disk_total: 270_000_000_000 }, { bytes: 700_000_000, trash_bytes: 300_000_000 })!;
  expect(parts.own + parts.other + 76 / 270).toBeCloseTo(1);
  expect(parts.words).toEqual({ own: 'Recordings 1.0 GB', other: 'Everything else 193 GB', free: 'Free 76 GB of 270 GB' });
  expect(partsOf({ disk_free: 5, disk_total: 10 }, { bytes: 100, trash_bytes: 0 })).toMatchObject({ own: 0.5, other: 0 });
  expect(partsOf({ disk_free: 5, disk_total: null }, retention)).toBeNull();
});
