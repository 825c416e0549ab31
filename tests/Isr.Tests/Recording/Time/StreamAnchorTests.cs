using Isr.Recording.Time;

namespace Isr.Tests.Recording.Time;

public sealed class StreamAnchorTests
{
    [Fact]
    public void A_source_whose_crystal_runs_fast_is_not_ahead_of_real_time_after_two_months()
    {
        var anchor = new StreamAnchor();
        const double Fast = 1 + 100e-6;

        for (var second = 0; second < 60 * 86_400; second += 5)
        {
            anchor.Observe(second * Fast, second);
        }

        Assert.InRange(anchor.Ahead, double.NegativeInfinity, 1);
    }

    [Fact]
    public void The_offset_stays_between_the_truth_and_the_least_delay_seen()
    {
        const int seed = 20260523;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var run = 0; run < 100; run++)
        {
            var truth = (random.NextDouble() * 20) - 10;
            var least = random.NextDouble() * 0.2;
            var spread = random.NextDouble() * 0.25;
            var anchor = new StreamAnchor();
            var arrival = truth;
            var lowest = double.PositiveInfinity;
            for (var position = 0.0; position < 600; position += 0.1 + (random.NextDouble() * 0.3))
            {
                arrival = Math.Max(arrival, truth + position + least + (random.NextDouble() * spread));
                lowest = Math.Min(lowest, arrival - position);

                Assert.Null(anchor.Observe(position, arrival));
                Assert.InRange(anchor.Offset, truth + least - 1e-9, truth + least + spread + 1e-9);
                // It follows a rise at 500 ppm at most, for as long as the last minute does not show better.
                Assert.True(anchor.Offset >= lowest - 1e-9 && anchor.Offset <= lowest + (500e-6 * 600), $"seed {seed}, run {run}");
            }
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-100)]
    [InlineData(300)]
    public void Drift_is_followed_within_the_minute_that_is_remembered(double ppm)
    {
        var anchor = new StreamAnchor();
        for (var arrival = 0.0; arrival < 24 * 3600; arrival += 0.3)
        {
            Assert.Null(anchor.Observe(arrival * (1 + (ppm * 1e-6)), arrival));
            var truth = -arrival * ppm * 1e-6;
            Assert.InRange(anchor.Offset, truth - (60 * Math.Abs(ppm) * 1e-6) - 1e-6, truth + 1e-6);
        }
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(3)]
    [InlineData(25)]
    public void A_stall_is_told_once_after_fifteen_seconds(double length)
    {
        var anchor = new StreamAnchor();
        var stalls = new List<(double At, SourceStall Stall)>();
        for (var i = 0; i < 1000; i++)
        {
            var position = i * 0.1;
            var arrival = position + (position > 30 ? length : 0);
            if (anchor.Observe(position, arrival) is { } stall)
            {
                stalls.Add((arrival, stall));
            }
        }

        var (at, found) = Assert.Single(stalls);
        Assert.Equal(length, found.Seconds, 0.02);
        Assert.Equal(30, found.Position, 0.11);
        Assert.InRange(at, 30 + length + 14.9, 30 + length + 15.3);
        Assert.Equal(length, anchor.Offset, 0.02);
    }

    [Fact]
    public void Stalls_add_up_each_at_its_place()
    {
        var anchor = new StreamAnchor();
        var stalls = new List<SourceStall>();
        for (var i = 0; i < 2000; i++)
        {
            var position = i * 0.1;
            var arrival = position + (position > 30 ? 3 : 0) + (position > 100 ? 2 : 0);
            if (anchor.Observe(position, arrival) is { } stall)
            {
                stalls.Add(stall);
            }
        }

        Assert.Equal([30, 100], stalls.ConvertAll(s => Math.Round(s.Position)));
        Assert.Equal([3, 2], stalls.ConvertAll(s => Math.Round(s.Seconds, 1)));
        Assert.Equal(5, anchor.Offset, 0.05);
    }

    [Fact]
    public void A_delay_that_is_made_up_for_leaves_no_trace()
    {
        var anchor = new StreamAnchor();
        for (var i = 0; i < 600; i++)
        {
            var position = i * 0.1;
            // Ten seconds late all at once, then caught up at twice the speed.
            var late = position is > 20 and < 40 ? Math.Max(0, 10 - (position - 20)) : 0;
            Assert.Null(anchor.Observe(position, position + late));
        }

        Assert.Equal(0, anchor.Offset, 0.03);
    }

    [Fact]
    public void Whether_delivery_is_steady_is_told_by_its_last_gain()
    {
        var anchor = new StreamAnchor();
        anchor.Observe(0.1, 10);
        anchor.Observe(2, 10.1);
        Assert.Equal(0, anchor.SteadyFor);
        anchor.Observe(2.4, 10.5);
        anchor.Observe(2.62, 10.7);

        Assert.Equal(0.6, anchor.SteadyFor, 1e-9);
        Assert.Equal(2.62 - 0.7, anchor.Ahead, 1e-3);
        Assert.Equal(8.08, anchor.Offset, 1e-9);
    }
}
