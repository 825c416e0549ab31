using System.Globalization;

namespace Isr.Catalog.Coverage;

/// <summary>
/// A moment as people and programs write it: a local date (2026-05-23), a local time with seconds and their fraction or without
/// (2026-05-23 14:30, 2026-05-23T14:30:00.25), or an instant with its offset (2026-05-23T12:30:00Z).
/// </summary>
internal static class LocalMoment
{
    private static readonly string[] s_times = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];

    /// <param name="text">What was written.</param>
    /// <param name="zone">Whose clock is meant where no offset is given.</param>
    /// <param name="isEnd">It is the end of a span: a date stands for the end of that day.</param>
    /// <param name="utc">In ticks.</param>
    public static bool TryRead(string? text, TimeZoneInfo zone, bool isEnd, out long utc)
    {
        utc = 0;

        // Years that every offset leaves within what a date can be.
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999)
        {
            utc = LocalDays.StartOf(isEnd ? day.AddDays(1) : day, zone);
            return true;
        }

        if (DateTime.TryParseExact(text, s_times, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) && at.Year is > 1 and < 9999)
        {
            utc = at.Kind == DateTimeKind.Unspecified ? LocalDays.ToUtc(at, zone) : at.ToUniversalTime().Ticks;
            return true;
        }

        return false;
    }
}
