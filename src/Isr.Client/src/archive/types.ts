/** What stands out in a source, over the joints of its files. */
export interface Section {
  source: string;
  /** ISO 8601 with offset. */
  start: string;
  end: string;
  /** Decibels above the noise. */
  score: number;
  /** The recording in which it begins, and at which second of it. */
  file: string;
  offset: number;
  files: string[];
}

export interface SectionsAnswer {
  from: string;
  to: string;
  sections: Section[];
  /** Recordings whose levels are still being computed. */
  pending: string[];
  undecodable: string[];
}

export interface CoverageFigures {
  /** Seconds. */
  expected: number;
  recorded: number;
  missing: number;
  percent: number;
}

export interface Gap {
  from: string;
  to: string;
  seconds: number;
  cause: string;
  sentence: string | null;
  /** It goes on now. */
  open: boolean;
}

export interface SourceCoverage {
  source: string;
  total: CoverageFigures;
  days: { day: string; figures: CoverageFigures }[];
  gaps: Gap[];
}

export interface CoverageAnswer {
  from: string;
  to: string;
  sources: SourceCoverage[];
}
