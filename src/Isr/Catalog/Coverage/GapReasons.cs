using Isr.Recording.Journal;

namespace Isr.Catalog.Coverage;

/// <summary>A stretch that is missing, and why.</summary>
internal readonly record struct CoverageGap(Interval Span, GapReason Reason);

/// <summary>Says of what is missing why it is, by the journal.</summary>
internal static class GapReasons
{
    public static GapReason Unknown { get; } = new("unknown", "the journal does not tell why");

    public static GapReason Stall { get; } = new("stall", "the source stood still");

    private static readonly GapReason s_stopped = new(GapCause.Stopped, "isr was not running: it had been stopped");
    private static readonly GapReason s_killed = new(GapCause.Killed, "isr was not running: it ended without finishing (killed, crashed, or no power)");
    private static readonly GapReason s_starting = new("starting", "isr had just been started, or the source was new");

    /// <summary>The times of two entries about one event differ by less.</summary>
    private const long Sliver = 50 * TimeSpan.TicksPerMillisecond;

    /// <summary>A disconnect is written down a moment before or after the last frame's time.</summary>
    private const long Slack = TimeSpan.TicksPerSecond;

    /// <summary>A source is new for so long.</summary>
    private const long NewFor = 2 * TimeSpan.TicksPerMinute;

    /// <summary>Cuts a missing stretch into stretches of one reason each.</summary>
    /// <param name="missing">What is in no file, nor in a stall.</param>
    /// <param name="since">When the source was first expected.</param>
    /// <param name="facts">Of the source.</param>
    public static List<CoverageGap> Explain(Interval missing, long since, CoverageFacts facts)
    {
        var pieces = new List<(Interval Span, GapReason? Reason, bool IsOff)>();
        foreach (var (span, reason) in Cut(missing, facts.Gaps))
        {
            if (reason is not null)
            {
                pieces.Add((span, reason, false));
                continue;
            }

            foreach (var (part, off) in Cut(span, TimesOff(facts)))
            {
                pieces.Add((part, off, off is not null));
            }
        }

        var explained = new List<CoverageGap>();
        for (var i = 0; i < pieces.Count; i++)
        {
            var (span, reason, _) = pieces[i];
            var off = i > 0 && pieces[i - 1].IsOff ? pieces[i - 1].Reason
                : i + 1 < pieces.Count && pieces[i + 1].IsOff ? pieces[i + 1].Reason
                : null;
            var connection = InConnection(span, facts);
            reason ??= (facts.Now - span.To < Slack ? facts.ReasonNow : null)
                // A stop ends connections, too.
                ?? (connection?.Cause == GapCause.Stopped ? off : null)
                ?? connection
                ?? off
                ?? (span.From - since < NewFor || facts.Runs.Any(r => span.From >= r.Started - Slack && span.From - r.Started < NewFor) ? s_starting : null)
                ?? Before(span, facts)
                ?? Unknown;
            Add(explained, new CoverageGap(span, reason));
        }

        return explained;
    }

    /// <summary>Parts with a reason and parts without, in order.</summary>
    private static IEnumerable<(Interval Span, GapReason? Reason)> Cut(Interval whole, IEnumerable<(Interval Span, GapReason Reason)> reasons)
    {
        var from = whole.From;
        foreach (var (span, reason) in reasons)
        {
            var part = span.Within(new Interval(from, whole.To));
            if (part.Length == 0)
            {
                continue;
            }

            if (part.From > from)
            {
                yield return (new Interval(from, part.From), null);
            }

            yield return (part, reason);
            from = part.To;
        }

        if (from < whole.To)
        {
            yield return (new Interval(from, whole.To), null);
        }
    }

    /// <summary>When the program did not run, in order.</summary>
    private static IEnumerable<(Interval Span, GapReason Reason)> TimesOff(CoverageFacts facts)
    {
        for (var i = 0; i < facts.Runs.Count; i++)
        {
            var run = facts.Runs[i];
            var isLast = i == facts.Runs.Count - 1;
            if (isLast && run.Ended is null && facts.IsRecorderAlive)
            {
                yield break;
            }

            var ended = run.Ended ?? run.LastAt;
            var next = isLast ? facts.Now : facts.Runs[i + 1].Started;
            if (next > ended)
            {
                yield return (new Interval(ended, next), run.How == GapCause.Stopped ? s_stopped : s_killed);
            }
        }
    }

    /// <summary>The end of the connection with which it began.</summary>
    private static GapReason? InConnection(Interval span, CoverageFacts facts) =>
        facts.Disconnects.Where(d => d.At >= span.From - Slack && d.At <= span.To + Slack).Select(d => d.Reason).FirstOrDefault();

    /// <summary>The last end of a connection before it.</summary>
    private static GapReason? Before(Interval span, CoverageFacts facts) =>
        facts.Disconnects.Where(d => d.At < span.From).Select(d => d.Reason).LastOrDefault();

    private static void Add(List<CoverageGap> explained, CoverageGap gap)
    {
        if (explained.Count > 0 && (explained[^1].Reason == gap.Reason || gap.Span.Length < Sliver))
        {
            explained[^1] = explained[^1] with { Span = explained[^1].Span with { To = gap.Span.To } };
        }
        else if (explained.Count == 1 && explained[0].Span.Length < Sliver)
        {
            explained[0] = gap with { Span = gap.Span with { From = explained[0].Span.From } };
        }
        else
        {
            explained.Add(gap);
        }
    }
}
