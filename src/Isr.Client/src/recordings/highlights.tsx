import { useCallback, useMemo } from 'preact/hooks';
import type { Track } from '../archive/tracks';
import type { Section } from '../archive/types';
import { type Picture, useCanvas } from '../canvas';
import { useDesk } from '../desk';
import { day as dayName, plural } from '../format';
import { louder, spanOf } from '../review/order';
import { dayOf, holds, lengthOf } from '../time/span';

interface Props {
  date: string;
  tracks: readonly Track[];
  sections: readonly Section[];
  playAt: (track: Track, at: number) => void;
  choose: (section: Section) => void;
}

/** Height of the labels, and of one source's files. */
const label = 14;
const strip = 3;
/** More sources than these share one line. */
const mostStrips = 6;
/** A click so near to a section means it, in pixels. */
const near = 6;

/** All of a day in one line: what stands out above, every file's extent below. */
export function Highlights({ date, tracks, sections, playAt, choose }: Props) {
  const { zone, feed, tracks: archive } = useDesk();
  const span = useMemo(() => dayOf(zone, date), [zone, date]);
  const sources = useMemo(() => [...new Set(tracks.map(({ source }) => source))].toSorted(), [tracks]);
  const loudest = useMemo(() => sections.toSorted(louder)[0] ?? null, [sections]);
  const labels = useMemo(() => [zone.clock(span.from).slice(0, 5), zone.clock((span.from + span.to) / 2).slice(0, 5), '24:00'], [zone, span]);

  const draw = useCallback(
    ({ context, width, height, colours }: Picture) => {
      const scale = width / lengthOf(span);
      const x = (at: number) => (at - span.from) * scale;
      const lines = sources.length > mostStrips ? 1 : Math.max(1, sources.length);
      const base = height - label - lines * (strip + 1);
      context.clearRect(0, 0, width, height);
      context.fillStyle = colours.bg;
      context.fillRect(0, 0, width, height - label);

      context.fillStyle = colours.level;
      for (const track of tracks) {
        const line = lines === 1 ? 0 : sources.indexOf(track.source);
        const [left, right] = [x(track.from), x(archive.endOf(track))];
        // A hair is left between files, so that joints are seen.
        context.fillRect(left, base + 1 + line * (strip + 1), Math.max(1, right - left - (right - left > 4 ? 1 : 0)), strip);
      }

      context.fillStyle = colours.hot;
      const top = Math.max(20, loudest?.score ?? 0);
      for (const section of sections) {
        const { from, to } = spanOf(section);
        const tall = Math.max(3, (section.score / top) * (base - 2));
        context.fillRect(x(from), base - tall, Math.max(1.5, (to - from) * scale), tall);
      }

      const now = feed.now();
      if (holds(span, now)) {
        context.fillStyle = colours.rec;
        context.fillRect(x(now), 0, 1, height - label);
      }

      context.fillStyle = colours.dim;
      context.font = `11px ${colours.mono}`;
      context.textBaseline = 'bottom';
      labels.forEach((text, i) => {
        context.textAlign = (['left', 'center', 'right'] as const)[i]!;
        context.fillText(text, (i * width) / 2, height);
      });
    },
    [span, sources, tracks, sections, loudest, labels, feed, archive],
  );
  const { canvas } = useCanvas(draw);

  const click = (event: MouseEvent & { currentTarget: HTMLCanvasElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const each = lengthOf(span) / box.width;
    const at = span.from + (event.clientX - box.left) * each;
    const hit = sections
      .map((section) => ({ section, distance: distanceTo(section, at) }))
      .filter(({ distance }) => distance <= near * each)
      .toSorted((a, b) => a.distance - b.distance || b.section.score - a.section.score)[0];
    if (hit !== undefined) choose(hit.section);
    else {
      const track = tracks.find((candidate) => candidate.from <= at && at < archive.endOf(candidate));
      if (track !== undefined) playAt(track, at);
    }
  };

  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- keys have the rows and J, K, U, I
    <canvas
      ref={canvas}
      class="highlights"
      role="img"
      aria-label={`${dayName(date)} at a glance: ${plural(tracks.length, 'file')}, ${plural(sections.length, 'section')}${loudest === null ? '' : `, the loudest at ${zone.exactClock(spanOf(loudest).from)}`}`}
      onClick={click}
    />
  );
}

function distanceTo(section: Section, at: number): number {
  const { from, to } = spanOf(section);
  return Math.max(0, from - at, at - to);
}
