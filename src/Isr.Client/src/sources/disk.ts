import type { DiskSpace } from '../api/types';
import { bytes, plural } from '../format';

/** How long it goes on like this, in sums. */
export interface Retention {
  /** Any limit is set. */
  is_on: boolean;
  /** Why nothing is deleted by itself now. */
  doubt: string | null;
  files: number;
  bytes: number;
  trash_files: number;
  trash_bytes: number;
  /** Those that are protected or labelled. */
  kept: number;
  kept_bytes: number;
  shortfalls?: string[];
  forecast: { sentences: string[] };
}

/** Of the whole disk, from 0 to 1. */
export interface Parts {
  own: number;
  other: number;
  /** Bytes of each, as words. */
  words: { own: string; other: string; free: string };
}

/** What takes the disk: recordings with the trash, all else, and what is free; null where that is not known. */
export function partsOf({ disk_free: free, disk_total: total }: DiskSpace, { bytes: recordings, trash_bytes: trash }: Pick<Retention, 'bytes' | 'trash_bytes'>): Parts | null {
  if (free === null || total === null || total <= 0) return null;
  const used = Math.max(0, total - free);
  // They may lie on several disks.
  const own = Math.min(used, recordings + trash);
  return {
    own: own / total,
    other: (used - own) / total,
    words: { own: `Recordings ${bytes(own)}`, other: `Everything else ${bytes(used - own)}`, free: `Free ${bytes(free)} of ${bytes(total)}` },
  };
}

export function spaceInWords({ disk_free: free, disk_total: total }: DiskSpace): string {
  if (free === null) return 'How much of the disk is free is not known.';
  return total === null ? `${bytes(free)} are free.` : `${bytes(free)} of ${bytes(total)} are free.`;
}

/** What lies on the disk, and what goes by itself. */
export function retentionInWords(retention: Retention): string[] {
  const { is_on, doubt, files, bytes: size, trash_files, trash_bytes, kept, kept_bytes, shortfalls = [] } = retention;
  return [
    `${plural(files, 'recording')}, ${bytes(size)}${kept > 0 ? `; ${kept} of them, ${bytes(kept_bytes)}, stay as they are protected or labelled` : ''}.`,
    ...(trash_files > 0 ? [`In the trash: ${plural(trash_files, 'recording')}, ${bytes(trash_bytes)}. Each goes for good after a week.`] : []),
    ...(is_on ? (doubt === null ? [] : [`Nothing is deleted by itself now: ${doubt}`]) : ['Nothing is deleted by itself, as no limit is set.']),
    ...shortfalls,
  ];
}
