using Isr.Sources;

namespace Isr.Tests.Sources;

public sealed class ReconnectDelayTests
{
    private const int Seed = 4711;

    private static readonly TimeSpan s_delay = TimeSpan.FromSeconds(5);

    [Fact]
    public void After_a_good_connection_the_first_attempts_come_at_once()
    {
        var random = new Random(Seed);

        Assert.Equal([0, 0.3, 1, 1, 1], Enumerable.Range(1, 5).Select(n => ReconnectDelay.Next(n, true, s_delay, null, random).TotalSeconds).ToList());
        Assert.InRange(ReconnectDelay.Next(6, true, s_delay, null, random).TotalSeconds, 4, 5);
        Assert.InRange(ReconnectDelay.Next(7, true, s_delay, null, random).TotalSeconds, 8, 10);
    }

    [Fact]
    public void Without_one_the_wait_doubles_to_a_minute_with_a_fifth_of_jitter()
    {
        var random = new Random(Seed);
        foreach (var (failures, longest) in new[] { (1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (100, 60), (int.MaxValue, 60) })
        {
            var waits = Enumerable.Range(0, 200).Select(_ => ReconnectDelay.Next(failures, false, s_delay, null, random).TotalSeconds).ToList();

            Assert.All(waits, w => Assert.InRange(w, longest * 0.8, longest));
            Assert.True(waits.Max() - waits.Min() > longest * 0.15);
        }
    }

    [Fact]
    public void A_configured_wait_above_a_minute_is_kept()
    {
        var wait = ReconnectDelay.Next(20, false, TimeSpan.FromMinutes(5), null, new Random(Seed));

        Assert.InRange(wait.TotalMinutes, 4, 5);
    }

    [Fact]
    public void Where_an_attempt_costs_nothing_the_wait_stays_as_it_is_configured()
    {
        var random = new Random(Seed);

        Assert.Equal([0, 0.3, 1, 1, 1, 5, 5, 5], Enumerable.Range(1, 8).Select(n => ReconnectDelay.Next(n, true, s_delay, null, random, grows: false).TotalSeconds).ToList());
        Assert.Equal([5, 5, 5], new[] { 1, 2, 1_000_000 }.Select(n => ReconnectDelay.Next(n, false, s_delay, null, random, grows: false).TotalSeconds).ToList());
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(0, 0)]
    [InlineData(-3, 0)]
    [InlineData(86400, 60)]
    public void A_server_that_says_how_long_is_obeyed_up_to_a_minute(double asked, double seconds)
    {
        Assert.Equal(seconds, ReconnectDelay.Next(1, true, s_delay, TimeSpan.FromSeconds(asked), new Random(Seed)).TotalSeconds);
        Assert.Equal(seconds, ReconnectDelay.Next(9, false, s_delay, TimeSpan.FromSeconds(asked), new Random(Seed)).TotalSeconds);
    }
}
