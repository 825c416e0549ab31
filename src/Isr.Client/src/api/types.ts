import type { Alarm } from '../alarms/alarms';

export interface Recording {
  /** Path under the recordings folder, `/`-separated. */
  name: string;
  size: number;
  mtime: number;
  /** `YYYY-MM-DD HH:MM:SS` in the recorder's zone. */
  date: string;
  /** Seconds; null while recording or unknown. */
  duration: number | null;
  recording: boolean;
  source: string | null;
  /** ISO 8601 with offset. */
  started: string | null;
  sample_rate: number | null;
  channels: number | null;
  /** What stands out by the server's own parameters, in seconds from its beginning; null where that is not known yet. */
  cached_analysis?: { start: number; end: number; score: number }[] | null;
}

export type SourceState = 'starting' | 'connecting' | 'recording' | 'waiting' | 'stopped' | 'disk';

export interface SourceStatus {
  name: string;
  state: SourceState;
  since: string | null;
  file: string | null;
  file_bytes: number;
  bytes: number;
  title: string | null;
  retries: number;
  error: string | null;
  /** When that was. */
  error_at?: string | null;
  format: string | null;
  /** Of soundcards: the card counts so much faster than the recorder's clock; null while unknown. */
  drift_ppm?: number | null;
  /** Of soundcards: how often its buffer ran over. */
  overruns?: number;
  /** Samples at full scale. */
  clipped?: number;
}

/** Without `sources` no recorder runs. */
export interface RecorderStatus {
  active: string[];
  updated?: string;
  sources?: SourceStatus[];
  /** What is not as it should be; without it the recorder knows no alarms. */
  alarms?: Alarm[] | null;
}

export interface DiskSpace {
  disk_free: number | null;
  disk_total: number | null;
}

/** One source's levels of the last tenth of a second; decibels of full scale, null for silence. */
export interface LevelReading {
  source: string;
  rms: number | null;
  /** For each channel. */
  peak: (number | null)[];
  /** Samples at full scale. */
  clipped: number;
  /** Seconds since it sounded, where that is not now. */
  behind?: number;
}

export interface RecordingEvent {
  kind: 'started' | 'ended' | 'moved' | 'removed';
  name: string;
  source: string | null;
}
