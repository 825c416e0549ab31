using Isr.Analysis;
using Isr.Audio.Levels;
using Isr.Catalog.Coverage;
using Isr.Catalog.Sections;
using Isr.Recording.Journal;

namespace Isr.Catalog.Levels;

/// <summary>
/// How a source looks over a span of time, across its files: from the blocks in the heads of level files where a point is at least as long as one, else from windows.
/// </summary>
internal sealed class SourceLevels(CatalogDatabase database, CatalogUpdater updater, LevelStore store, LevelRequests requests, GrowingLevels growing, TimeProvider time)
{
    /// <summary>No file is longer.</summary>
    private static readonly TimeSpan s_longestFile = TimeSpan.FromDays(2);

    /// <summary>Where the same time is in more files at once than this, their levels are taken together.</summary>
    private const int MostLanes = 8;

    /// <summary>Files that meet this near do not sound at the same time.</summary>
    private const long Near = TimeSpan.TicksPerSecond / 10;

    /// <summary>A clock that goes more wrong was set meanwhile.</summary>
    private const double MostDrift = 0.001;

    public async Task<SourceLevelsAnswer> GatherAsync(string source, Interval span, int points, CancellationToken cancellationToken)
    {
        var active = updater.FollowActive();
        var around = new Interval(span.From - s_longestFile.Ticks, span.To);
        var stalls = database.Stalls(source, span).Where(stall => stall.File is not null).ToLookup(stall => stall.File!, stall => stall.Span, StringComparer.Ordinal);
        var files = database.SourceFiles(source, around);
        var drawing = new Drawing(span, points);
        var (pending, undecodable) = (new List<string>(), new List<string>());
        for (var i = 0; i < files.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var file = files[i];
            var (end, placement) = Place(file, i + 1 < files.Count ? files[i + 1] : null, [.. stalls[file.Name]]);
            if (active.Contains(file.Name))
            {
                await AddGrowingAsync(drawing, file, placement, pending, cancellationToken);
            }
            else if (end > span.From && file.Size is { } size && !TryAdd(drawing, file, placement))
            {
                (requests.Want(file.Name, new RecordingKey(size, file.Mtime)) ? pending : undecodable).Add(file.Name);
            }
        }

        return drawing.ToAnswer(LocalOf(span.From), LocalOf(span.To)) with { Pending = [.. pending.Distinct(StringComparer.Ordinal)], Undecodable = [.. undecodable.Distinct(StringComparer.Ordinal)] };

        DateTimeOffset LocalOf(long ticks) => TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), time.LocalTimeZone);
    }

    /// <summary>When a file ends, where that is known, and when what is in it sounded. Behind a split the next file begins where this one ends.</summary>
    private static (long End, LevelPlacement Placement) Place(SourceFile file, SourceFile? next, Interval[] stalls)
    {
        var recorded = file.Recorded;
        var stood = stalls.Sum(stall => stall.Length);
        if (recorded.Samples is not { } samples || recorded.SampleRate <= 0)
        {
            var unknown = recorded.FileSeconds is { } seconds ? recorded.Start + stood + (long)(seconds * TimeSpan.TicksPerSecond) : long.MaxValue;
            return (unknown, new LevelPlacement(recorded.Start, 1, stalls));
        }

        var end = RecordedTime.EndOf(recorded, samples, stood);
        if (recorded.How == GapCause.Split && next is not null && Math.Abs(next.Recorded.Start - end) <= RecordedTime.JoinTolerance)
        {
            end = next.Recorded.Start;
        }

        var counted = (double)samples / recorded.SampleRate * TimeSpan.TicksPerSecond;
        var scale = (end - recorded.Start - stood) / counted;
        var isDrift = Math.Abs(scale - 1) <= MostDrift || Math.Abs((scale - 1) * counted) <= RecordedTime.JoinTolerance;
        return (end, new LevelPlacement(recorded.Start, isDrift ? scale : 1, stalls));
    }

    private async Task AddGrowingAsync(Drawing drawing, SourceFile file, LevelPlacement placement, List<string> pending, CancellationToken cancellationToken)
    {
        var wanted = (double)(Math.Min(drawing.Span.To, time.GetUtcNow().UtcTicks) - file.Recorded.Start) / TimeSpan.TicksPerSecond;
        if (await growing.GetAsync(file.Name, wanted, cancellationToken) is not { } levels)
        {
            pending.Add(file.Name);
            return;
        }

        var window = (double)levels.WindowSamples / levels.SampleRate;
        drawing.AddWindows(placement, window, (double)levels.Samples / levels.SampleRate, 0, levels.Rms.Span, levels.Minimum.Span, levels.Maximum.Span);
    }

    /// <summary>False when it has no levels, or damaged ones.</summary>
    private bool TryAdd(Drawing drawing, SourceFile file, LevelPlacement placement)
    {
        using var part = store.TryOpenPart(file.Name, file.Size!.Value, file.Mtime, new DateTime(file.Recorded.Start, DateTimeKind.Utc));
        return part is not null && drawing.TryAdd(part, placement);
    }

    /// <summary>What is drawn, file after file in the order of their starts.</summary>
    private sealed class Drawing(Interval span, int points)
    {
        private const double FullScale = 32_768;
        private const int Decimals = 5;

        private readonly List<LevelLane> _lanes = [];
        private double _window = (double)Near / TimeSpan.TicksPerSecond;

        public Interval Span => span;

        public bool TryAdd(LevelFilePart part, LevelPlacement placement)
        {
            var window = (double)part.WindowSamples / part.SampleRate;
            var block = part.BlockWindows * window;
            if (span.Seconds / points < block)
            {
                return TryAddWindows(part, placement, window, block);
            }

            var lane = LaneFor(placement.At(0), placement.At(part.Duration));
            for (var i = 0; i < part.Blocks; i++)
            {
                var from = placement.At(i * block);
                var (seconds, shape) = (Math.Min(block, part.Duration - (i * block)), part.ShapeOf(i));
                lane.Add(from, from + (long)(seconds * TimeSpan.TicksPerSecond), shape.Minimum, shape.Maximum, shape.Rms, part.WindowsIn(i));
            }

            return true;
        }

        /// <summary>Only the blocks of which the span has some are read.</summary>
        private bool TryAddWindows(LevelFilePart part, LevelPlacement placement, double window, double block)
        {
            var (first, next) = (0, part.Blocks);
            while (first < next && placement.At(Math.Min((first + 1) * block, part.Duration)) < span.From)
            {
                first++;
            }

            while (next > first && placement.At((next - 1) * block) >= span.To)
            {
                next--;
            }

            if (first == next)
            {
                return true;
            }

            if (!part.TryReadExtremes(out var minimum, out var maximum))
            {
                return false;
            }

            var rms = new uint[Math.Min(part.Windows, next * part.BlockWindows) - (first * part.BlockWindows)];
            for (var i = first; i < next; i++)
            {
                if (!part.TryRead(i, rms.AsSpan((i - first) * part.BlockWindows, part.WindowsIn(i))))
                {
                    return false;
                }
            }

            AddWindows(placement, window, part.Duration, first * part.BlockWindows, rms, minimum.Span[(first * part.BlockWindows)..], maximum.Span[(first * part.BlockWindows)..]);
            return true;
        }

        /// <param name="placement">Of the file.</param>
        /// <param name="window">Seconds.</param>
        /// <param name="duration">Seconds of the file.</param>
        /// <param name="first">The number of the first window that there is.</param>
        /// <param name="rms">Of each window.</param>
        /// <param name="minimum">Of each, and perhaps more.</param>
        /// <param name="maximum">Of each, and perhaps more.</param>
        public void AddWindows(LevelPlacement placement, double window, double duration, int first, ReadOnlySpan<uint> rms, ReadOnlySpan<short> minimum, ReadOnlySpan<short> maximum)
        {
            _window = Math.Min(_window, window);
            var lane = LaneFor(placement.At(0), placement.At(duration));
            for (var i = 0; i < rms.Length; i++)
            {
                var begin = (first + i) * window;
                var from = placement.At(begin);
                lane.Add(from, from + (long)(Math.Min(window, duration - begin) * TimeSpan.TicksPerSecond), minimum[i], maximum[i], rms[i], 1);
            }
        }

        public SourceLevelsAnswer ToAnswer(DateTimeOffset from, DateTimeOffset to)
        {
            var (min, max, rms) = (new double?[points], new double?[points], new double?[points]);
            for (var i = 0; i < points; i++)
            {
                var square = -1.0;
                foreach (var lane in _lanes.Where(lane => lane.Has(i)))
                {
                    square = Math.Max(square, lane.Square(i));
                    min[i] = Math.Min(min[i] ?? double.MaxValue, lane.Minimum(i));
                    max[i] = Math.Max(max[i] ?? double.MinValue, lane.Maximum(i));
                }

                if (square >= 0)
                {
                    rms[i] = Math.Round(Math.Sqrt(square) * RecordingLevels.RmsUnit, Decimals);
                    min[i] = Math.Round(min[i]!.Value / FullScale, Decimals);
                    max[i] = Math.Round(max[i]!.Value / FullScale, Decimals);
                }
            }

            return new SourceLevelsAnswer(from, to, Math.Round(_window, Decimals), min, max, rms);
        }

        /// <summary>The first in which nothing sounds at that time.</summary>
        private LevelLane LaneFor(long start, long end)
        {
            var lane = _lanes.Find(lane => lane.End <= start + Near);
            if (lane is null)
            {
                if (_lanes.Count == MostLanes)
                {
                    lane = _lanes[^1];
                }
                else
                {
                    _lanes.Add(lane = new LevelLane(span, points));
                }
            }

            lane.End = Math.Max(lane.End, end);
            return lane;
        }
    }
}
