using System.Globalization;
using Isr.Catalog.Coverage;

namespace Isr.Playback.Export;

/// <summary>Reads the span that is to be exported.</summary>
internal static class ExportSpan
{
    /// <summary>A day, also the one of 25 hours.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromHours(25);

    private const string Usage = "Give from and to as local times (2026-05-23T22:31:30, or with fractions), as instants (2026-05-23T20:31:30Z) or as dates.";

    private static readonly string[] s_exact = ["yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFF"];

    /// <summary>As coverage reads its spans, and besides instants with their offset, and fractions of a second. Both ends must be given; one that is still to come is now.</summary>
    public static bool TryRead(string? from, string? to, TimeProvider time, out Interval span, out string sentence)
    {
        span = default;
        sentence = Usage;
        if (string.IsNullOrEmpty(from) || string.IsNullOrEmpty(to) || !TryReadOne(from, time, out var start) || !TryReadOne(to, time, out var end))
        {
            return false;
        }

        span = new Interval(start.From, Math.Min(end.To, time.GetUtcNow().UtcTicks));
        sentence = span.Length == 0 ? $"There is nothing between {from} and {to}: from must lie before to and before now."
            : span.Length > Longest.Ticks ? $"An export is at most {Longest.TotalHours:0} hours long; ask for several."
            : "";
        return sentence.Length == 0;
    }

    /// <summary>A date stands for the whole of that day, a time for itself.</summary>
    private static bool TryReadOne(string text, TimeProvider time, out Interval span)
    {
        var zone = time.LocalTimeZone;
        if (DateTime.TryParseExact(text, s_exact, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at) && at.Year is > 1 and < 9999)
        {
            var utc = at.Kind == DateTimeKind.Unspecified ? LocalDays.ToUtc(at, zone) : at.ToUniversalTime().Ticks;
            span = new Interval(utc, utc);
            return true;
        }

        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1 and < 9999)
        {
            span = new Interval(LocalDays.StartOf(day, zone), LocalDays.StartOf(day.AddDays(1), zone));
            return true;
        }

        var isTime = DateTime.TryParseExact(text, ["yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1 and < 9999;
        var instant = isTime ? LocalDays.ToUtc(local, zone) : 0;
        span = new Interval(instant, instant);
        return isTime;
    }
}
