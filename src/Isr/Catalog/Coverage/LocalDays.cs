namespace Isr.Catalog.Coverage;

/// <summary>The days of a zone, 23 or 25 hours long where its clocks are set.</summary>
internal static class LocalDays
{
    /// <summary>The first instant of a day, in ticks of UTC.</summary>
    public static long StartOf(DateOnly day, TimeZoneInfo zone) => ToUtc(day.ToDateTime(TimeOnly.MinValue), zone);

    /// <summary>A local time as an instant: the first of two that bear it; the moment of the change where none does.</summary>
    public static long ToUtc(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsAmbiguousTime(local))
        {
            return local.Ticks - zone.GetAmbiguousTimeOffsets(local).Max().Ticks;
        }

        if (!zone.IsInvalidTime(local))
        {
            return local.Ticks - zone.GetUtcOffset(local).Ticks;
        }

        // Skipped: the change is at the last minute that there was, and no zone skips part of a minute.
        var before = local.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute));
        while (zone.IsInvalidTime(before))
        {
            before = before.AddMinutes(-1);
        }

        return before.Ticks - zone.GetUtcOffset(before).Ticks + TimeSpan.TicksPerMinute;
    }

    public static DateOnly DayOf(long utcTicks, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(new DateTime(utcTicks, DateTimeKind.Utc), zone));

    /// <summary>The days that a span touches, each cut to it.</summary>
    public static IEnumerable<(DateOnly Day, Interval Span)> Of(Interval span, TimeZoneInfo zone)
    {
        for (var from = span.From; from < span.To;)
        {
            var day = DayOf(from, zone);
            var to = Math.Min(span.To, StartOf(day.AddDays(1), zone));
            yield return (day, new Interval(from, to));
            from = to;
        }
    }
}
