namespace Isr.Catalog.Zones;

/// <summary>
/// Finds when a zone's clocks are set. The rules that the framework has of a zone are of many kinds; what it answers for an instant is the only thing that need be right,
/// and is what all other times of the program come from.
/// </summary>
internal sealed class ZoneOffsets
{
    private static readonly DateTime s_first = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>No zone sets its clocks and sets them back within so short a time.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromDays(1);

    private const int YearsAhead = 2;

    private volatile Found? _last;

    /// <summary>From the year 2000 to two years ahead.</summary>
    public IReadOnlyList<ZoneOffset> Of(TimeZoneInfo zone, DateTime utcNow)
    {
        // Ten thousand questions to the zone: once a day, not for each page that is opened.
        if (_last is not { } last || !ReferenceEquals(last.Zone, zone) || last.Day != utcNow.Date)
        {
            _last = last = new Found(zone, utcNow.Date, Find(zone, s_first, utcNow.Date.AddYears(YearsAhead)));
        }

        return last.Offsets;
    }

    private static List<ZoneOffset> Find(TimeZoneInfo zone, DateTime from, DateTime to)
    {
        var offsets = new List<ZoneOffset> { new(from, MinutesAt(zone, from)) };
        for (var at = from; at < to; at += s_step)
        {
            for (var known = at; MinutesAt(zone, at + s_step) != offsets[^1].Minutes; known = offsets[^1].From)
            {
                var change = FirstOther(zone, known, at + s_step, offsets[^1].Minutes);
                offsets.Add(new ZoneOffset(change, MinutesAt(zone, change)));
            }
        }

        return offsets;
    }

    /// <summary>The first instant that is not so many minutes ahead.</summary>
    private static DateTime FirstOther(TimeZoneInfo zone, DateTime same, DateTime other, int minutes)
    {
        while (other.Ticks - same.Ticks > 1)
        {
            var middle = same.AddTicks((other.Ticks - same.Ticks) / 2);
            (same, other) = MinutesAt(zone, middle) == minutes ? (middle, other) : (same, middle);
        }

        return other;
    }

    private static int MinutesAt(TimeZoneInfo zone, DateTime utc) => (int)zone.GetUtcOffset(utc).TotalMinutes;

    private sealed record Found(TimeZoneInfo Zone, DateTime Day, IReadOnlyList<ZoneOffset> Offsets);
}
