using System.Globalization;

namespace Isr.Catalog.Coverage;

/// <summary>Reads the span that a person asks for.</summary>
internal static class CoverageSpan
{
    private const int UsualDays = 7;

    private static readonly string[] s_times = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    /// <summary>
    /// Local dates or date-times; a last date stands for the whole of that day. Without a first it begins six days
    /// before the last, without a last it ends now. The sentence says what is wrong.
    /// </summary>
    public static bool TryRead(string? from, string? to, TimeProvider time, out Interval span, out string sentence)
    {
        span = default;
        var zone = time.LocalTimeZone;
        var now = time.GetUtcNow().UtcTicks;
        var end = now;
        var start = 0L;
        if ((!string.IsNullOrEmpty(to) && !TryReadOne(to, zone, isEnd: true, out end)) || (!string.IsNullOrEmpty(from) && !TryReadOne(from, zone, isEnd: false, out start)))
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

    /// <summary>One of them; an end that is a date is the end of that day.</summary>
    public static bool TryReadOne(string text, TimeZoneInfo zone, bool isEnd, out long utc)
    {
        utc = 0;
        // Years that every offset leaves within what a date can be.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999)
        {
            utc = LocalDays.StartOf(isEnd ? day.AddDays(1) : day, zone);
            return true;
        }

        if (DateTime.TryParseExact(text, s_times, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1 and < 9999)
        {
            utc = LocalDays.ToUtc(local, zone);
            return true;
        }

        return false;
    }
}
