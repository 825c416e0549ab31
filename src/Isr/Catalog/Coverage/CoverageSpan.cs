namespace Isr.Catalog.Coverage;

/// <summary>Reads the span that a person asks for.</summary>
internal static class CoverageSpan
{
    private const int UsualDays = 7;

    /// <summary>
    /// Moments; a last date stands for the whole of that day. Without a first it begins six days
    /// before the last, without a last it ends now. The sentence says what is wrong.
    /// </summary>
    public static bool TryRead(string? from, string? to, TimeProvider time, out Interval span, out string sentence)
    {
        span = default;
        var zone = time.LocalTimeZone;
        var now = time.GetUtcNow().UtcTicks;
        var end = now;
        var start = 0L;
        if ((!string.IsNullOrEmpty(to) && !LocalMoment.TryRead(to, zone, isEnd: true, out end)) || (!string.IsNullOrEmpty(from) && !LocalMoment.TryRead(from, zone, isEnd: false, out start)))
        {
            sentence = $"from and to are local dates (2026-05-23) or times (2026-05-23 14:30:00), not '{from}' and '{to}'.";
            return false;
        }

        end = Math.Min(end, now);
        if (string.IsNullOrEmpty(from))
        {
            start = LocalDays.StartOf(LocalDays.DayOf(Math.Max(end - 1, TimeSpan.TicksPerDay * UsualDays), zone).AddDays(1 - UsualDays), zone);
        }

        span = new Interval(start, end);
        sentence = $"There is nothing between {from} and {to}: from must lie before to and before now.";
        return start < end;
    }
}
