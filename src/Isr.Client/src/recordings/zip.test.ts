import { expect, test } from 'vitest';
import type { Picked } from './selection';
import { downloadZip, mostInZip } from './zip';

test('more than fit into a zip are refused with a sentence, before anything is asked', async () => {
  const item: Picked = { name: 'a', day: '2026-11-20', source: '', from: 0, seconds: 1, bytes: 1, recording: false };
  await expect(downloadZip(Array.from({ length: mostInZip + 1 }, () => item))).rejects.toThrow('A zip holds up to 10,000 recordings. Select fewer, and download them in parts.');
});
