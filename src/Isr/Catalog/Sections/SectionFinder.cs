using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Audio.Levels;
using Isr.Catalog.Coverage;
using Isr.Recording.Journal;

namespace Isr.Catalog.Sections;

/// <summary>Finds sections over a span of time, across the files of each connection, from level files alone.</summary>
internal sealed class SectionFinder(CatalogDatabase database, LevelStore store, ActiveFiles active, LevelRequests requests)
{
    /// <summary>Files around the span are looked up this far, and further only for a section that is longer.</summary>
    private static readonly TimeSpan s_around = TimeSpan.FromDays(2);

    /// <summary>More than the noise floor of a window depends on, and more than a gap can be.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(10);

    /// <summary>More take hundreds of megabytes, and nobody looks at them.</summary>
    public const int MostSections = 200_000;

    /// <summary>Where a run is cut off, two blocks lack a neighbour.</summary>
    private const double UnsettledSeconds = 64;

    /// <summary>Sections that touch the span, of one source or of all; null when they are too many.</summary>
    public SectionsAnswer? Find(Interval span, string? source, DetectionParameters parameters, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var names = active.Read().Names;
        // The empty one is of recordings that belong to none.
        List<string> sources = string.IsNullOrEmpty(source) ? [.. database.RecordedSources(), ""] : [source];
        var (found, absent) = (new List<SourceSection>[sources.Count], new Dictionary<string, SourceFile>[sources.Count]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, sources.Count, options, i =>
        {
            absent[i] = new Dictionary<string, SourceFile>(StringComparer.Ordinal);
            found[i] = FindOf(sources[i], span, parameters, names, absent[i], cancellationToken);
        });

        if (found.Sum(sections => (long)sections.Count) > MostSections)
        {
            return null;
        }

        // What is being recorded has no levels that could be kept.
        var asked = absent.SelectMany(files => files.Values).DistinctBy(file => file.Name, StringComparer.Ordinal).ToLookup(file => names.Contains(file.Name) || requests.Want(file.Name, new RecordingKey(file.Size!.Value, file.Mtime)));
        return new SectionsAnswer(
            LocalOf(span.From), LocalOf(span.To), [.. found.SelectMany(sections => sections).OrderBy(s => s.Start)], [.. asked[true].Select(f => f.Name)], [.. asked[false].Select(f => f.Name)]);

        DateTimeOffset LocalOf(long ticks) => TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), zone);
    }

    private List<SourceSection> FindOf(
        string source, Interval span, DetectionParameters parameters, HashSet<string> names, Dictionary<string, SourceFile> absent, CancellationToken cancellationToken)
    {
        var wide = Around(s_around.Ticks);
        var files = database.SourceFiles(source, wide);
        for (var around = s_around.Ticks * 8; ; around *= 8)
        {
            var found = new List<SourceSection>();
            var isSettled = true;
            foreach (var connection in Connections(source, files, wide, names))
            {
                isSettled &= connection.FindWithin(span, parameters, store, absent, found, cancellationToken);
                if (found.Count > MostSections)
                {
                    return found;
                }
            }

            if (isSettled)
            {
                return found;
            }

            // The newest recording is often the last there is: then all is known.
            wide = Around(around);
            var more = database.SourceFiles(source, wide);
            if (more.Count == files.Count)
            {
                return found;
            }

            files = more;
        }

        Interval Around(long ticks) => new(Math.Max(0, span.From - ticks), Math.Min(DateTime.MaxValue.Ticks, span.To + ticks));
    }

    /// <summary>Files that continue one another: no sample is missing between them.</summary>
    private IEnumerable<Connection> Connections(string source, List<SourceFile> files, Interval span, HashSet<string> names)
    {
        var stalls = database.Stalls(source, span).Where(s => s.File is not null)
            .GroupBy(s => s.File!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(s => s.Span.Length), StringComparer.Ordinal);
        var ends = files.ConvertAll(file => EndOf(file, stalls.GetValueOrDefault(file.Name), names));
        for (var (first, next) = (0, 1); first < files.Count; next++)
        {
            if (next == files.Count || !Continues(files[next - 1], ends[next - 1], files[next]))
            {
                yield return new Connection(source, files[first..next], ends[first..next], names, IsFirst: first == 0, IsLast: next == files.Count);
                first = next;
            }
        }
    }

    private static bool Continues(SourceFile before, long end, SourceFile file) =>
        before.Recorded.How == GapCause.Split && before.Recorded.SampleRate == file.Recorded.SampleRate
        && before.Size is not null && file.Size is not null && Math.Abs(file.Recorded.Start - end) <= RecordedTime.JoinTolerance;

    private static long EndOf(SourceFile file, long stalls, HashSet<string> names) =>
        names.Contains(file.Name) ? DateTime.MaxValue.Ticks
        : file.Recorded.Samples is { } samples ? RecordedTime.EndOf(file.Recorded, samples, stalls)
        : file.Recorded.Start + (long)((file.Recorded.FileSeconds ?? 0) * TimeSpan.TicksPerSecond);

    /// <param name="Source">Whose.</param>
    /// <param name="Files">Each continues the one before.</param>
    /// <param name="Ends">When each ended, in ticks of UTC.</param>
    /// <param name="Active">What is being recorded.</param>
    /// <param name="IsFirst">There may be files before that were not looked up.</param>
    /// <param name="IsLast">There may be files behind that were not looked up.</param>
    private sealed record Connection(string Source, List<SourceFile> Files, List<long> Ends, HashSet<string> Active, bool IsFirst, bool IsLast)
    {
        private readonly HashSet<string> _damaged = new(StringComparer.Ordinal);

        /// <summary>False when more files must be known. The answer does not depend on how many are.</summary>
        public bool FindWithin(
            Interval span, DetectionParameters parameters, LevelStore store, Dictionary<string, SourceFile> absent, List<SourceSection> found, CancellationToken cancellationToken)
        {
            var from = Ends.FindIndex(end => end > span.From);
            var to = Files.FindLastIndex(file => file.Recorded.Start < span.To) + 1;
            if (from < 0 || from >= to)
            {
                return true;
            }

            var (first, next) = (Math.Max(0, from - 1), Math.Min(Files.Count, to + 1));
            while (first > 0 && Files[from].Recorded.Start - Files[first].Recorded.Start < s_settling.Ticks)
            {
                first--;
            }

            while (next < Files.Count && Ends[next - 1] - span.To < s_settling.Ticks)
            {
                next++;
            }

            var unsettled = (long)((UnsettledSeconds + parameters.MinGap) * TimeSpan.TicksPerSecond);
            while (true)
            {
                var sections = DetectAll(first, next, parameters, store, absent, cancellationToken);
                var touching = sections.Select(Describe).Where(s => s.Start.UtcTicks < span.To && s.End.UtcTicks > span.From).Take(MostSections + 1).ToList();
                var isEarly = touching.Exists(s => s.Start.UtcTicks < Files[first].Recorded.Start + unsettled);
                var isLate = touching.Exists(s => s.End.UtcTicks > Ends[next - 1] - unsettled);
                if ((!isEarly || first == 0) && (!isLate || next == Files.Count))
                {
                    found.AddRange(touching);
                    return !(isEarly && IsFirst) && !(isLate && IsLast);
                }

                var more = next - first;
                (first, next) = (isEarly ? Math.Max(0, first - more) : first, isLate ? Math.Min(Files.Count, next + more) : next);
            }
        }

        private IReadOnlyList<RunSection> DetectAll(
            int first, int next, DetectionParameters parameters, LevelStore store, Dictionary<string, SourceFile> absent, CancellationToken cancellationToken)
        {
            // Level files that turned out to be damaged count as absent next time.
            var search = new ConnectionSearch(store, parameters, Files, file => _damaged.Contains(file.Name) || Active.Contains(file.Name));
            while (true)
            {
                var damaged = new HashSet<string>(StringComparer.Ordinal);
                if (search.TryFind(first, next, absent, damaged, cancellationToken) is { } sections)
                {
                    return sections;
                }

                _damaged.UnionWith(damaged);
            }
        }

        private SourceSection Describe(RunSection section)
        {
            var (first, last) = (IndexOf(section.First), IndexOf(section.Last));
            return new SourceSection(
                Source,
                After(Files[first], section.Start),
                After(Files[last], section.End),
                section.Score,
                Files[first].Name,
                section.Start,
                [.. Files[first..(last + 1)].Select(file => file.Name)]);
        }

        /// <summary>Tenths of a second are whole ticks; what <see cref="TimeSpan"/> makes of them is cut off.</summary>
        private static DateTimeOffset After(SourceFile file, double seconds) => file.Start.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

        private int IndexOf(SectionPart part)
        {
            var (low, high) = (0, Files.Count - 1);
            while (low < high)
            {
                // The last of those that begin then: others are empty.
                var middle = (low + high + 1) / 2;
                (low, high) = Files[middle].Recorded.Start > part.StartUtc.Ticks ? (low, middle - 1) : (middle, high);
            }

            return low;
        }
    }
}
