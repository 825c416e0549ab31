using System.Diagnostics;
using Isr.Catalog.Zones;

namespace Isr.Tests.Catalog.Zones;

public sealed class ZoneOffsetsTests
{
    private static readonly DateTime s_now = new(2026, 5, 23, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("UTC", 1, 0)]
    [InlineData("Asia/Kolkata", 1, 330)]
    [InlineData("Asia/Kathmandu", 1, 345)]
    [InlineData("Europe/Berlin", 58, 60)]
    [InlineData("Australia/Lord_Howe", 58, 660)]
    [InlineData("America/Caracas", 3, -240)]
    [InlineData("Pacific/Apia", 24, -660)]
    public void Every_change_since_2000_is_there(string id, int count, int first)
    {
        var offsets = new ZoneOffsets().Of(TimeZoneInfo.FindSystemTimeZoneById(id), s_now);

        Assert.Equal((new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc), first), (offsets[0].From, offsets[0].Minutes));
        Assert.Equal(count, offsets.Count);
    }

    [Fact]
    public void A_change_is_known_to_the_second_also_of_half_an_hour_and_of_a_day()
    {
        var lordHowe = Of("Australia/Lord_Howe");
        Assert.Contains(new ZoneOffset(Utc("2026-04-04T15:00:00Z"), 630), lordHowe);
        Assert.Contains(new ZoneOffset(Utc("2026-10-03T15:30:00Z"), 660), lordHowe);

        // Samoa had no 30th of December.
        Assert.Contains(new ZoneOffset(Utc("2011-12-30T10:00:00Z"), 840), Of("Pacific/Apia"));
        Assert.Contains(new ZoneOffset(Utc("2026-10-25T01:00:00Z"), 60), Of("Europe/Berlin"));
        Assert.Contains(new ZoneOffset(Utc("2028-03-26T01:00:00Z"), 120), Of("Europe/Berlin"));
    }

    [Theory]
    [InlineData("Europe/Istanbul")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Europe/Moscow")]
    [InlineData("America/Argentina/San_Luis")]
    [InlineData("Antarctica/Troll")]
    [InlineData("Africa/Cairo")]
    [InlineData("America/St_Johns")]
    public void The_table_tells_of_every_quarter_of_an_hour_what_the_zone_does(string id)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        var offsets = new ZoneOffsets().Of(zone, s_now);

        var next = 0;
        for (var at = offsets[0].From; at < s_now.AddYears(2).Date; at = at.AddMinutes(15))
        {
            while (next < offsets.Count && offsets[next].From <= at)
            {
                next++;
            }

            if (zone.GetUtcOffset(at).TotalMinutes != offsets[next - 1].Minutes)
            {
                Assert.Fail($"{id} at {at:O}: {zone.GetUtcOffset(at).TotalMinutes}, not {offsets[next - 1].Minutes}");
            }
        }

        Assert.InRange(offsets.Count, 5, 200);
    }

    [Fact]
    public void Finding_them_takes_no_time_that_anybody_would_notice()
    {
        var (zone, began) = (TimeZoneInfo.FindSystemTimeZoneById("Africa/Casablanca"), Stopwatch.GetTimestamp());

        new ZoneOffsets().Of(zone, s_now);

        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalMilliseconds:0.0} ms");
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 2);
    }

    private static IReadOnlyList<ZoneOffset> Of(string id) => new ZoneOffsets().Of(TimeZoneInfo.FindSystemTimeZoneById(id), s_now);

    private static DateTime Utc(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime;
}
