using System.Globalization;
using Isr.Catalog.Coverage;

namespace Isr.Tests.Catalog.Coverage;

public sealed class LocalMomentTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-05-23", "2026-05-22T22:00:00Z", "2026-05-23T22:00:00Z")]
    [InlineData("2026-05-23 14:30", "2026-05-23T12:30:00Z")]
    [InlineData("2026-05-23 14:30:15", "2026-05-23T12:30:15Z")]
    [InlineData("2026-05-23 14:30:15.25", "2026-05-23T12:30:15.25Z")]
    [InlineData("2026-05-23T14:30", "2026-05-23T12:30:00Z")]
    [InlineData("2026-05-23T14:30:15", "2026-05-23T12:30:15Z")]
    [InlineData("2026-05-23T14:30:15.1234567", "2026-05-23T12:30:15.1234567Z")]
    [InlineData("2026-05-23T14:30Z", "2026-05-23T14:30:00Z")]
    [InlineData("2026-05-23T14:30:15.5Z", "2026-05-23T14:30:15.5Z")]
    [InlineData("2026-05-23T14:30:15-05:00", "2026-05-23T19:30:15Z")]
    [InlineData("2026-10-25 02:30", "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z")]
    [InlineData("2026-03-29 02:30", "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z")]
    public void A_moment_is_read_by_the_zones_clock_or_its_own_offset(string text, string instant, string? asEnd = null)
    {
        Assert.True(LocalMoment.TryRead(text, s_berlin, isEnd: false, out var start));
        Assert.True(LocalMoment.TryRead(text, s_berlin, isEnd: true, out var end));

        Assert.Equal((Ticks(instant), Ticks(asEnd ?? instant)), (start, end));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30 10:00")]
    [InlineData("2026-05-23 24:00")]
    [InlineData("2026-05-23T14")]
    [InlineData("2026-05-23T14:30:15+99:00")]
    [InlineData("0001-01-01")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31")]
    [InlineData("9999-12-31T23:59:59-14:00")]
    public void What_is_none_is_none(string? text) => Assert.False(LocalMoment.TryRead(text, s_berlin, isEnd: true, out _));

    private static long Ticks(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).UtcTicks;
}
