using Isr.Catalog.Coverage;

namespace Isr.Catalog.Levels;

/// <summary>Reads the span of time that is to be drawn.</summary>
internal static class LevelSpan
{
    /// <summary>A year, also one of 366 days, and the hour of a change of clocks. So ticks times points fit into 64 bits.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(367);

    /// <summary>Both must be given. The end may be still to come.</summary>
    public static bool TryRead(string? from, string? to, TimeZoneInfo zone, out Interval span, out string sentence)
    {
        span = default;
        sentence = "Give from and to as instants (2026-05-23T20:31:30.250Z, or with their offset: 2026-05-23T22:31:30%2B02:00), or as local dates or times.";
        if (!LocalMoment.TryRead(from, zone, isEnd: false, out var start) || !LocalMoment.TryRead(to, zone, isEnd: true, out var end))
        {
            return false;
        }

        span = new Interval(start, end);
        sentence = start >= end ? $"There is nothing between {from} and {to}: from must lie before to."
            : span.Length > Longest.Ticks ? "More than a year is not drawn at once; ask for several spans."
            : "";
        return sentence.Length == 0;
    }
}
