namespace Isr.Recording.Time;

/// <summary>
/// Where recordings end and begin: where the wall clock's time since local midnight is a multiple of
/// <paramref name="every"/>, at every local midnight and at every change of the UTC offset. Exact in ticks.
/// Safe to use from several threads.
/// </summary>
internal sealed class SplitSchedule(TimeSpan every, TimeZoneInfo zone)
{
    // The shortest time that any zone ever kept an offset is hours; a minute is far below it.
    private const long ProbeTicks = TimeSpan.TicksPerMinute;

    private readonly UtcDay?[] _days = new UtcDay?[4];

    /// <summary>The first boundary after the instant, never the instant itself.</summary>
    public DateTimeOffset NextBoundary(DateTimeOffset instant)
    {
        var now = instant.UtcTicks;
        var offset = OffsetAt(now);
        var sinceMidnight = SinceMidnight(now + offset);
        var next = now + Math.Min((sinceMidnight / every.Ticks + 1) * every.Ticks, TimeSpan.TicksPerDay) - sinceMidnight;

        for (var day = now / TimeSpan.TicksPerDay; day * TimeSpan.TicksPerDay <= next; day++)
        {
            foreach (var change in ChangesOn(day))
            {
                if (change.UtcTicks > now && change.UtcTicks <= next)
                {
                    return Local(change.UtcTicks, change.OffsetTicks);
                }
            }
        }

        return Local(next, offset);
    }

    /// <summary>The latest boundary at or before the instant.</summary>
    public DateTimeOffset PreviousBoundary(DateTimeOffset instant)
    {
        var now = instant.UtcTicks;
        var offset = OffsetAt(now);
        var previous = now - SinceMidnight(now + offset) % every.Ticks;

        for (var day = now / TimeSpan.TicksPerDay; (day + 1) * TimeSpan.TicksPerDay > previous; day--)
        {
            foreach (var change in ChangesOn(day).Reverse())
            {
                if (change.UtcTicks <= now && change.UtcTicks > previous)
                {
                    return Local(change.UtcTicks, change.OffsetTicks);
                }
            }
        }

        return Local(previous, offset);
    }

    private static long SinceMidnight(long wallTicks) => wallTicks % TimeSpan.TicksPerDay;

    private static DateTimeOffset Local(long utcTicks, long offsetTicks) =>
        new(utcTicks + offsetTicks, TimeSpan.FromTicks(offsetTicks));

    private long OffsetAt(long utcTicks) => zone.GetUtcOffset(new DateTime(utcTicks, DateTimeKind.Utc)).Ticks;

    /// <summary>Changes of the offset within one UTC day, in order. Four days in turn are remembered.</summary>
    private OffsetChange[] ChangesOn(long day)
    {
        ref var slot = ref _days[day & 3];
        var known = Volatile.Read(ref slot);
        if (known?.Number != day)
        {
            known = new UtcDay(day, FindChanges(day * TimeSpan.TicksPerDay));
            Volatile.Write(ref slot, known);
        }

        return known.Changes;
    }

    private OffsetChange[] FindChanges(long dayStart)
    {
        var changes = new List<OffsetChange>();
        var before = dayStart - 1;
        var offsetBefore = OffsetAt(before);

        while (before < dayStart + TimeSpan.TicksPerDay - 1)
        {
            var after = before + ProbeTicks;
            var offsetAfter = OffsetAt(after);
            if (offsetAfter != offsetBefore)
            {
                changes.Add(new OffsetChange(Bisect(before, after, offsetBefore), offsetAfter));
            }

            (before, offsetBefore) = (after, offsetAfter);
        }

        return [.. changes];
    }

    /// <summary>The first tick that no longer has the offset that <paramref name="before"/> has.</summary>
    private long Bisect(long before, long after, long offsetBefore)
    {
        while (after - before > 1)
        {
            var middle = before + (after - before) / 2;
            if (OffsetAt(middle) == offsetBefore)
            {
                before = middle;
            }
            else
            {
                after = middle;
            }
        }

        return after;
    }

    private readonly record struct OffsetChange(long UtcTicks, long OffsetTicks);

    private sealed record UtcDay(long Number, OffsetChange[] Changes);
}
