using Isr.Recording.Journal;
using Isr.Sources;

namespace Isr.Catalog.Coverage;

/// <summary>Compares what was to be recorded with what was.</summary>
internal sealed class CoverageReporter(CatalogOptions options, CatalogDatabase database, ActiveFiles active, TimeProvider time)
{
    /// <summary>A gap that reached to within this of now goes on: status and journal are this much behind.</summary>
    private const long StillOpen = TimeSpan.TicksPerSecond;

    /// <summary>The sources that the journal knows.</summary>
    public IReadOnlyCollection<string> Sources() => [.. database.Expectations().Select(e => e.Source).Distinct(StringComparer.Ordinal)];

    /// <summary>Of one source, or of all that were expected within the span.</summary>
    public CoverageReport Report(Interval span, string? source)
    {
        var now = time.GetUtcNow().UtcTicks;
        var runs = database.Runs();
        span = span with { To = Math.Min(span.To, now) };
        var sources = database.Expectations()
            .Where(e => string.IsNullOrEmpty(source) || e.Source == source)
            .GroupBy(e => e.Source, StringComparer.Ordinal)
            .Select(g => Report(g.Key, [.. g.Select(e => new Interval(e.Since, e.Until ?? now).Within(span)).Where(e => e.Length > 0)], runs, now))
            .Where(s => s.Total.Expected > 0);
        return new CoverageReport(Local(span.From), Local(span.To), [.. sources]);
    }

    private SourceCoverage Report(string source, List<Interval> expected, IReadOnlyList<ProgramRun> runs, long now)
    {
        if (expected.Count == 0)
        {
            return new SourceCoverage(source, CoverageFigures.Of(0, 0), [], []);
        }

        var facts = FactsOf(source, new Interval(expected[0].From, expected[^1].To), runs, now);
        var (recorded, stalled) = RecordedTime.Of(facts);
        var gaps = new List<CoverageGap>();
        foreach (var span in expected)
        {
            foreach (var missing in Interval.Subtract(span, recorded))
            {
                gaps.AddRange(Explain(missing, span.From, stalled, facts));
            }
        }

        return new SourceCoverage(
            source,
            CoverageFigures.Of(expected.Sum(e => e.Length), gaps.Sum(g => g.Span.Length)),
            [.. DaysOf(expected, gaps)],
            [.. gaps.Select(g => new GapLine(
                Local(g.Span.From), Local(g.Span.To), Math.Round(g.Span.Seconds, 3), g.Reason.Cause, g.Reason.Sentence, now - g.Span.To < StillOpen))]);
    }

    private static IEnumerable<CoverageGap> Explain(Interval missing, long since, List<Interval> stalled, CoverageFacts facts)
    {
        var stalls = stalled.Select(s => s.Within(missing)).Where(s => s.Length > 0).ToList();
        return Interval.Subtract(missing, stalls)
            .SelectMany(rest => GapReasons.Explain(rest, since, facts))
            .Concat(stalls.Select(s => new CoverageGap(s, GapReasons.Stall)))
            .OrderBy(g => g.Span.From);
    }

    private IEnumerable<DayCoverage> DaysOf(List<Interval> expected, List<CoverageGap> gaps) =>
        expected.SelectMany(e => LocalDays.Of(e, time.LocalTimeZone))
            .GroupBy(d => d.Day)
            .Select(day => new DayCoverage(
                day.Key,
                CoverageFigures.Of(day.Sum(d => d.Span.Length), day.Sum(d => gaps.Sum(g => g.Span.Within(d.Span).Length)))));

    private CoverageFacts FactsOf(string source, Interval span, IReadOnlyList<ProgramRun> runs, long now)
    {
        var (status, names) = active.Read();
        return new CoverageFacts
        {
            Files = [.. database.Recorded(source, span).Select(file => WithLength(file, names))],
            Stalls = database.Stalls(source, span),
            Healed = database.Healed(source, span),
            Gaps = database.GapsOf(source, span),
            Disconnects = database.Disconnects(source, span),
            Runs = runs,
            Active = names,
            IsRecorderAlive = status.Pid is not null,
            ReasonNow = status.Sources?.FirstOrDefault(s => s.Name == source) is { State: SourceState.Disk } full ? new GapReason(GapCause.Disk, full.Error) : null,
            Now = now,
        };
    }

    /// <summary>A file that a crash left open tells its length itself.</summary>
    private RecordedFile WithLength(RecordedFile file, HashSet<string> names) =>
        file.Samples is null && file.FileSeconds is null && !names.Contains(file.File)
            ? file with { FileSeconds = DurationReader.Read(Path.Combine(options.Folder, file.File), Path.GetExtension(file.File).ToLowerInvariant()).Seconds }
            : file;

    private DateTimeOffset Local(long utcTicks) => TimeZoneInfo.ConvertTime(new DateTimeOffset(utcTicks, TimeSpan.Zero), time.LocalTimeZone);
}
