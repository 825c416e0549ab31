using System.Globalization;
using Isr.Catalog.Coverage;

namespace Isr.Catalog.Levels;

/// <summary>Reads the span of time that is to be drawn.</summary>
internal static class LevelSpan
{
    /// <summary>A year, also one of 366 days, and the hour of a change of clocks. So ticks times points fit into 64 bits.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(367);

    private static readonly string[] s_instants = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Instants with their offset, or local dates and times as coverage reads them; both must be given. The end may be still to come.</summary>
    public static bool TryRead(string? from, string? to, TimeZoneInfo zone, out Interval span, out string sentence)
    {
        span = default;
        sentence = "Give from and to as instants (2026-05-23T20:31:30.250Z, or with their offset: 2026-05-23T22:31:30%2B02:00), or as local dates or times.";
        if (!TryReadOne(from, zone, isEnd: false, out var start) || !TryReadOne(to, zone, isEnd: true, out var end))
        {
            return false;
        }

        span = new Interval(start, end);
        sentence = start >= end ? $"There is nothing between {from} and {to}: from must lie before to."
            : span.Length > Longest.Ticks ? "More than a year is not drawn at once; ask for several spans."
            : "";
        return sentence.Length == 0;
    }

    private static bool TryReadOne(string? text, TimeZoneInfo zone, bool isEnd, out long utc)
    {
        utc = 0;
        if (text is null || !DateTime.TryParseExact(text, s_instants, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var at))
        {
            return text is not null && CoverageSpan.TryReadOne(text, zone, isEnd, out utc);
        }

        utc = at.Kind == DateTimeKind.Unspecified ? LocalDays.ToUtc(at, zone) : at.ToUniversalTime().Ticks;
        return at.Year is > 1 and < 9999;
    }
}
