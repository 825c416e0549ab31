using Isr.Catalog.Coverage;
using Isr.Recording.Journal;

namespace Isr.Playback.Export;

/// <summary>A stretch of a file and where in the export it stands; in samples per channel.</summary>
/// <param name="Name">The recording.</param>
/// <param name="At">Of its first sample, in the export.</param>
/// <param name="First">Its first sample, in the file.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ExportPart(string Name, long At, long First, long Count);

/// <summary>What of a source's files stands where in a span of time: each file from when the journal says that it began.</summary>
/// <param name="SampleRate">By which samples are counted.</param>
/// <param name="Total">Samples of the whole span.</param>
/// <param name="Parts">In order, none over another.</param>
internal sealed record ExportPlan(int SampleRate, long Total, IReadOnlyList<ExportPart> Parts)
{
    /// <summary>What no file holds.</summary>
    public double SilentSeconds => (double)(Total - Parts.Sum(part => part.Count)) / SampleRate;

    /// <summary>Lays out the files of a source.</summary>
    /// <param name="span">The time.</param>
    /// <param name="files">In the order of their starts. What is being recorded has samples up to now.</param>
    /// <param name="stalls">When the source stood still while a file of it was open.</param>
    public static ExportPlan? TryMake(Interval span, IReadOnlyList<RecordedFile> files, IReadOnlyList<(string? File, Interval Span)> stalls)
    {
        var parts = new List<ExportPart>();
        var inside = files.Where(file => file.SampleRate > 0 && Touches(file, span, stalls)).ToList();
        if (inside.Count == 0)
        {
            return null;
        }

        var rate = inside[0].SampleRate;
        var total = SamplesOf(span.Length, rate);
        var (written, end) = (0L, 0L);
        RecordedFile? before = null;
        foreach (var file in inside)
        {
            var start = SamplesOf(file.Start - span.From, rate);
            if (before is { How: GapCause.Split } && Math.Abs(start - end) <= SamplesOf(RecordedTime.JoinTolerance, rate))
            {
                // They continue one another: the journal's times are rounded, and the source's clock is its own.
                start = end;
            }

            foreach (var (at, first, count) in Runs(file, start, rate, stalls))
            {
                end = at + count;
                var (from, to) = (Math.Max(at, written), Math.Min(end, total));
                if (from < to)
                {
                    parts.Add(new ExportPart(file.File, from, first + from - at, to - from));
                    written = to;
                }
            }

            before = file;
        }

        return parts.Count == 0 ? null : new ExportPlan(rate, total, parts);
    }

    /// <summary>The nearest whole number of samples.</summary>
    public static long SamplesOf(long ticks, int rate) =>
        (long)Math.Round((decimal)ticks * rate / TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero);

    private static bool Touches(RecordedFile file, Interval span, IReadOnlyList<(string? File, Interval Span)> stalls) =>
        file.Start < span.To && EndOf(file) + stalls.Where(stall => stall.File == file.File).Sum(stall => stall.Span.Length) > span.From;

    private static long EndOf(RecordedFile file) => file.Start + (long)((decimal)(file.Samples ?? 0) * TimeSpan.TicksPerSecond / file.SampleRate);

    /// <summary>What sounded without a break: what comes behind a stall sounded so much later.</summary>
    private static IEnumerable<(long At, long First, long Count)> Runs(RecordedFile file, long start, int rate, IReadOnlyList<(string? File, Interval Span)> stalls)
    {
        var (samples, first, stood) = (file.Samples ?? 0, 0L, 0L);
        foreach (var (_, stall) in stalls.Where(stall => stall.File == file.File))
        {
            var until = Math.Clamp(SamplesOf(stall.From - file.Start, rate) - stood, first, samples);
            yield return (start + stood + first, first, until - first);
            (first, stood) = (until, stood + SamplesOf(stall.Length, rate));
        }

        yield return (start + stood + first, first, samples - first);
    }
}
