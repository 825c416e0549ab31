using Isr.Recording.Journal;

namespace Isr.Catalog.Coverage;

/// <summary>What of a source's time its files hold.</summary>
internal static class RecordedTime
{
    /// <summary>The journal's times are rounded.</summary>
    private const long Rounding = TimeSpan.TicksPerMillisecond;

    /// <summary>Within one connection a boundary is known to the sample, whatever its times say.</summary>
    public const long JoinTolerance = 20 * TimeSpan.TicksPerMillisecond;

    private const long HealedNear = TimeSpan.TicksPerSecond;

    /// <summary>A set clock ends a file under the new time; further than this it is another time altogether.</summary>
    private const long MaxClockStep = TimeSpan.TicksPerHour;

    /// <summary>What is in files, and what the source never sent into them, in order.</summary>
    public static (List<Interval> Recorded, List<Interval> Stalled) Of(CoverageFacts facts)
    {
        var stalled = facts.Stalls.Select(s => s.Span).ToList();
        var stallTicks = facts.Stalls.Where(s => s.File is not null)
            .GroupBy(s => s.File!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(s => s.Span.Length), StringComparer.Ordinal);
        var joined = new List<Interval>();
        string? how = null;
        foreach (var file in facts.Files)
        {
            var span = new Interval(file.Start, EndOf(file, stallTicks.GetValueOrDefault(file.File), facts));
            if (span.Length == 0)
            {
                continue;
            }

            if (joined.Count > 0 && span.From <= joined[^1].To + ToleranceAt(joined[^1].To, how, facts.Healed))
            {
                how = span.To >= joined[^1].To ? file.How : how;
                joined[^1] = joined[^1] with { To = Math.Max(joined[^1].To, span.To) };
            }
            else
            {
                joined.Add(span);
                how = file.How;
            }
        }

        return ([.. joined.SelectMany(span => Interval.Subtract(span, stalled))], stalled);
    }

    private static long ToleranceAt(long end, string? how, IReadOnlyList<long> healed) =>
        how is GapCause.Split or GapCause.Format or GapCause.Link or GapCause.Clock || healed.Any(at => Math.Abs(at - end) <= HealedNear)
            ? JoinTolerance
            : Rounding;

    /// <summary>
    /// The end that the journal tells, which follows the source's clock, unless the clock was set in between: then
    /// the samples tell.
    /// </summary>
    private static long EndOf(RecordedFile file, long stalls, CoverageFacts facts)
    {
        if (file.Samples is not { } samples)
        {
            return facts.Active.Contains(file.File) ? Math.Max(file.Start, facts.Now)
                : file.Start + (long)((file.FileSeconds ?? 0) * TimeSpan.TicksPerSecond) + (file.FileSeconds is null ? 0 : stalls);
        }

        return EndOf(file, samples, stalls);
    }

    /// <summary>The same of a file that was closed.</summary>
    public static long EndOf(RecordedFile file, long samples, long stalls)
    {
        var length = file.SampleRate > 0 ? (long)((double)samples / file.SampleRate * TimeSpan.TicksPerSecond) : 0;
        var counted = file.Start + length + stalls;
        if (file.End is not { } told)
        {
            return counted;
        }

        var tolerance = Math.Max(2 * TimeSpan.TicksPerSecond, length / 1000);
        long[] ends = [told, told + file.MovedTicks];
        var end = ends.MinBy(e => Math.Abs(e - counted));
        return Math.Abs(end - counted) <= tolerance ? end
            : file.How == GapCause.Clock && told > counted && told - counted <= MaxClockStep ? told
            : counted;
    }
}
