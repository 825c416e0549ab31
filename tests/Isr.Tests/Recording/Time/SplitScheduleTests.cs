using System.Globalization;
using Isr.Recording.Time;

namespace Isr.Tests.Recording.Time;

public sealed class SplitScheduleTests
{
    [Theory]
    // Spring: at 02:00 the clock jumps to 03:00. Autumn: at 03:00 it goes back to 02:00.
    [InlineData(15, "2026-03-29T01:00+01:00", "2026-03-29T04:00+02:00",
        "01:15+1 01:30+1 01:45+1 03:00+2 03:15+2 03:30+2 03:45+2 04:00+2")]
    [InlineData(60, "2026-03-28T23:00+01:00", "2026-03-30T00:00+02:00",
        "00:00+1 01:00+1 03:00+2 04:00+2 05:00+2 06:00+2 07:00+2 08:00+2 09:00+2 10:00+2 11:00+2 12:00+2 13:00+2 "
        + "14:00+2 15:00+2 16:00+2 17:00+2 18:00+2 19:00+2 20:00+2 21:00+2 22:00+2 23:00+2 00:00+2")]
    [InlineData(120, "2026-03-28T22:00+01:00", "2026-03-30T00:00+02:00",
        "00:00+1 03:00+2 04:00+2 06:00+2 08:00+2 10:00+2 12:00+2 14:00+2 16:00+2 18:00+2 20:00+2 22:00+2 00:00+2")]
    [InlineData(15, "2026-10-25T01:30+02:00", "2026-10-25T03:15+01:00",
        "01:45+2 02:00+2 02:15+2 02:30+2 02:45+2 02:00+1 02:15+1 02:30+1 02:45+1 03:00+1 03:15+1")]
    [InlineData(60, "2026-10-24T23:00+02:00", "2026-10-26T00:00+01:00",
        "00:00+2 01:00+2 02:00+2 02:00+1 03:00+1 04:00+1 05:00+1 06:00+1 07:00+1 08:00+1 09:00+1 10:00+1 11:00+1 "
        + "12:00+1 13:00+1 14:00+1 15:00+1 16:00+1 17:00+1 18:00+1 19:00+1 20:00+1 21:00+1 22:00+1 23:00+1 00:00+1")]
    [InlineData(120, "2026-10-24T22:00+02:00", "2026-10-26T00:00+01:00",
        "00:00+2 02:00+2 02:00+1 04:00+1 06:00+1 08:00+1 10:00+1 12:00+1 14:00+1 16:00+1 18:00+1 20:00+1 22:00+1 00:00+1")]
    [InlineData(480, "2026-03-28T16:00+01:00", "2026-03-30T00:00+02:00", "00:00+1 03:00+2 08:00+2 16:00+2 00:00+2")]
    [InlineData(480, "2026-10-24T16:00+02:00", "2026-10-26T00:00+01:00", "00:00+2 02:00+1 08:00+1 16:00+1 00:00+1")]
    [InlineData(1440, "2026-03-28T00:00+01:00", "2026-03-30T00:00+02:00", "00:00+1 03:00+2 00:00+2")]
    [InlineData(1440, "2026-10-24T00:00+02:00", "2026-10-26T00:00+01:00", "00:00+2 02:00+1 00:00+1")]
    [InlineData(7, "2026-06-01T23:41+02:00", "2026-06-02T00:14+02:00", "23:48+2 23:55+2 00:00+2 00:07+2 00:14+2")]
    [InlineData(7, "2026-10-25T02:41+02:00", "2026-10-25T02:13+01:00", "02:48+2 02:55+2 02:00+1 02:06+1 02:13+1")]
    public void Splits_by_the_wall_clock_of_Berlin(double minutes, string from, string to, string expected)
    {
        var schedule = new SplitSchedule(TimeSpan.FromMinutes(minutes), Zone("Europe/Berlin"));

        Assert.Equal(
            expected,
            string.Join(' ', Boundaries(schedule, Instant(from), Instant(to)).Select(b =>
                $"{b.ToString("HH:mm", CultureInfo.InvariantCulture)}+{b.Offset.Hours}")));
    }

    [Theory]
    [InlineData(0.25, 15)]
    [InlineData(0.1, 6)]
    public void Fractions_of_a_minute_are_exact(double minutes, int seconds)
    {
        var schedule = new SplitSchedule(TimeSpan.FromMinutes(minutes), Zone("Europe/Berlin"));
        var from = Instant("2026-10-25T00:00+02:00");

        var boundaries = Boundaries(schedule, from, Instant("2026-10-26T00:00+01:00"));

        Assert.Equal(25 * 3600 / seconds, boundaries.Count);
        Assert.All(boundaries, (b, i) => Assert.Equal(from.UtcTicks + (i + 1) * seconds * TimeSpan.TicksPerSecond, b.UtcTicks));
    }

    [Fact]
    public void One_tick_decides()
    {
        var schedule = new SplitSchedule(TimeSpan.FromHours(1), Zone("Europe/Berlin"));
        var change = Instant("2026-10-25T02:00+01:00");

        Assert.Equal(change, schedule.NextBoundary(change.AddTicks(-1)));
        Assert.Equal(change.AddHours(1), schedule.NextBoundary(change));
        Assert.Equal(change, schedule.PreviousBoundary(change));
        Assert.Equal(change.AddHours(-1), schedule.PreviousBoundary(change.AddTicks(-1)));
        Assert.Equal(TimeSpan.FromHours(1), schedule.NextBoundary(change.AddTicks(-1)).Offset);
        Assert.Equal(TimeSpan.FromHours(2), schedule.PreviousBoundary(change.AddTicks(-1)).Offset);
    }

    [Theory]
    // Midnight does not exist; midnight comes twice; half an hour; two hours; a day that does not exist;
    // offsets of 30 and 45 minutes.
    [InlineData("America/Sao_Paulo", "2018-11-03T12:00Z", 1)]
    [InlineData("America/Sao_Paulo", "2018-02-17T12:00Z", 1)]
    [InlineData("Africa/Cairo", "2026-04-23T10:00Z", 1)]
    [InlineData("Africa/Cairo", "2026-10-29T10:00Z", 1)]
    [InlineData("Australia/Lord_Howe", "2026-04-04T06:00Z", 1)]
    [InlineData("Australia/Lord_Howe", "2026-10-03T06:00Z", 1)]
    [InlineData("Antarctica/Troll", "2026-03-28T18:00Z", 1)]
    [InlineData("Antarctica/Troll", "2026-10-24T18:00Z", 1)]
    [InlineData("Pacific/Apia", "2011-12-30T00:00Z", 1)]
    [InlineData("Asia/Kathmandu", "2026-05-01T10:00Z", 0)]
    [InlineData("Asia/Kolkata", "2026-05-01T10:00Z", 0)]
    [InlineData("America/St_Johns", "2026-03-07T20:00Z", 1)]
    [InlineData("Pacific/Chatham", "2026-04-04T06:00Z", 1)]
    [InlineData("Europe/Berlin", "2026-03-28T16:00Z", 1)]
    [InlineData("Europe/Dublin", "2026-10-24T18:00Z", 1)]
    [InlineData("Africa/Casablanca", "2026-02-14T18:00Z", 1)]
    [InlineData("UTC", "2026-02-14T18:00Z", 0)]
    public void Agrees_with_stepping_second_by_second(string zoneName, string from, int changes)
    {
        var zone = Zone(zoneName);
        var seconds = Seconds(zone, Instant(from), Instant(from).AddHours(30));
        Assert.Equal(changes, seconds.Count(second => second.IsChange));
        foreach (var minutes in new[] { 0.1, 0.25, 7, 15, 50, 60, 120, 480, 1440 })
        {
            var every = TimeSpan.FromMinutes(minutes);
            var schedule = new SplitSchedule(every, zone);
            var start = Instant(from);
            var expected = seconds.Where(second => second.IsChange || second.Local.TimeOfDay.Ticks % every.Ticks == 0).Select(second => second.Local).ToList();

            Assert.Equal(expected, Boundaries(schedule, start, start.AddHours(30)));
            Assert.Equal(
                expected.AsEnumerable().Reverse(),
                Backwards(new SplitSchedule(every, zone), start, start.AddHours(30)));
        }
    }

    [Fact]
    public void Any_instant_lies_between_its_boundaries_and_nothing_lies_between_them()
    {
        const int seed = 20260523;
        var random = new Random(seed);
        string[] zones = ["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Antarctica/Troll"];
        var earliest = Instant("1990-01-01T00:00Z").UtcTicks;
        var latest = Instant("2045-01-01T00:00Z").UtcTicks;

        for (var i = 0; i < 300; i++)
        {
            var zone = Zone(zones[random.Next(zones.Length)]);
            var every = TimeSpan.FromMinutes(random.Next(1, 14401) / 10.0);
            var schedule = new SplitSchedule(every, zone);
            var instant = new DateTimeOffset(random.NextInt64(earliest, latest), TimeSpan.Zero);
            var previous = schedule.PreviousBoundary(instant);
            var next = schedule.NextBoundary(instant);

            Assert.True(previous <= instant && instant < next, $"seed {seed}: {zone.Id} {every} {instant:O}");
            Assert.Equal(next, schedule.NextBoundary(previous));
            Assert.Equal(previous, schedule.PreviousBoundary(next.AddTicks(-1)));
            Assert.Equal(next, schedule.PreviousBoundary(next));
            Assert.Equal(zone.GetUtcOffset(next), next.Offset);
            Assert.Equal(zone.GetUtcOffset(previous), previous.Offset);
            Assert.True(IsBoundary(zone, every, next) && IsBoundary(zone, every, previous), $"seed {seed}: {zone.Id} {every} {instant:O}");
        }
    }

    [Fact]
    public void Two_changes_within_a_day_both_split()
    {
        // Offset 0, from 10:20:30 one hour more, from 15:40:00 as before: as a decree may have it.
        var day = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Unspecified);
        var rule = TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
            day,
            day,
            TimeSpan.FromHours(1),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 10, 20, 30, DateTimeKind.Unspecified), 5, 1),
            TimeZoneInfo.TransitionTime.CreateFixedDateRule(new DateTime(1, 1, 1, 16, 40, 0, DateTimeKind.Unspecified), 5, 1));
        var zone = TimeZoneInfo.CreateCustomTimeZone("Decree", TimeSpan.Zero, "Decree", "Decree", "Decree", [rule]);
        var schedule = new SplitSchedule(TimeSpan.FromHours(4), zone);

        var boundaries = Boundaries(schedule, Instant("2026-05-01T00:00Z"), Instant("2026-05-02T00:00Z"));

        Assert.Equal(
            "04:00:00 08:00:00 11:20:30 12:00:00 16:00:00 15:40:00 16:00:00 20:00:00 00:00:00",
            string.Join(' ', boundaries.Select(b => b.ToString("HH:mm:ss", CultureInfo.InvariantCulture))));
    }

    private static List<DateTimeOffset> Boundaries(SplitSchedule schedule, DateTimeOffset from, DateTimeOffset to)
    {
        var found = new List<DateTimeOffset>();
        for (var b = schedule.NextBoundary(from); b <= to; b = schedule.NextBoundary(b))
        {
            Assert.True(found.Count == 0 || b > found[^1]);
            found.Add(b);
        }

        return found;
    }

    private static List<DateTimeOffset> Backwards(SplitSchedule schedule, DateTimeOffset from, DateTimeOffset to)
    {
        var found = new List<DateTimeOffset>();
        for (var b = schedule.PreviousBoundary(to); b > from; b = schedule.PreviousBoundary(b.AddTicks(-1)))
        {
            found.Add(b);
        }

        return found;
    }

    /// <summary>Every second after an instant, in local time, and whether the clocks are set at it.</summary>
    private static List<(DateTimeOffset Local, bool IsChange)> Seconds(TimeZoneInfo zone, DateTimeOffset from, DateTimeOffset to)
    {
        var found = new List<(DateTimeOffset, bool)>();
        for (var t = from.AddSeconds(1); t <= to; t = t.AddSeconds(1))
        {
            var offset = zone.GetUtcOffset(t);
            found.Add((t.ToOffset(offset), offset != zone.GetUtcOffset(t.AddTicks(-1))));
        }

        return found;
    }

    private static bool IsBoundary(TimeZoneInfo zone, TimeSpan every, DateTimeOffset instant)
    {
        var wall = instant.UtcTicks + zone.GetUtcOffset(instant).Ticks;
        return wall % TimeSpan.TicksPerDay % every.Ticks == 0
            || zone.GetUtcOffset(instant) != zone.GetUtcOffset(instant.AddTicks(-1));
    }

    private static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    private static DateTimeOffset Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
