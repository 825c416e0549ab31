using Isr.Recording.Time;
using Isr.Tests.Support;

namespace Isr.Tests.Recording.Time;

public sealed class WallClockTests
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 12, 30, 0, TimeSpan.Zero));
    private readonly List<double> _steps = [];
    private int _synchronised;
    private ClockState _state = ClockState.Synchronised;

    [Theory]
    [InlineData(0.51)]
    [InlineData(-0.51)]
    [InlineData(86400 * 365)]
    public void A_step_counts_at_its_second_reading(double seconds)
    {
        var clock = Create();
        _time.StepWall(TimeSpan.FromSeconds(seconds));
        Pass(clock, 1);
        Assert.Empty(_steps);
        Assert.Equal(0, clock.Era);

        Pass(clock, 1);
        Assert.Equal(seconds, Assert.Single(_steps), 0.001);
        Assert.Equal(1, clock.Era);
        Assert.Equal(0, (clock.Now - _time.GetUtcNow()).TotalMilliseconds, 0.01);
    }

    [Theory]
    [InlineData(0.49)]
    [InlineData(-0.49)]
    public void Less_is_made_up_for_at_five_hundred_millionths(double seconds)
    {
        var clock = Create();
        _time.StepWall(TimeSpan.FromSeconds(seconds));
        var last = clock.Now;
        for (var i = 1; i <= 980; i++)
        {
            Pass(clock, 1);
            Assert.InRange((clock.Now - last).TotalSeconds, 0.99949, 1.00051);
            last = clock.Now;
        }

        Assert.Equal(0, (clock.Now - _time.GetUtcNow()).TotalMilliseconds, 0.01);
        Assert.Empty(_steps);
    }

    [Fact]
    public void Readings_that_contradict_each_other_are_no_step()
    {
        var clock = Create();
        foreach (var step in new[] { 10, 20, -50, 100 })
        {
            _time.StepWall(TimeSpan.FromSeconds(step));
            Pass(clock, 1);
        }

        _time.StepWall(TimeSpan.FromSeconds(-80));
        Pass(clock, 3);
        Assert.Empty(_steps);
    }

    [Fact]
    public void A_moment_keeps_its_time_but_for_steps()
    {
        var clock = Create();
        var moment = _time.GetTimestamp();
        var before = clock.ToUtc(moment);
        Pass(clock, 100);
        Assert.Equal(before, clock.ToUtc(moment), TimeSpan.FromMilliseconds(0.01));

        _time.StepWall(TimeSpan.FromSeconds(-3600));
        Pass(clock, 2);
        Assert.Equal(before.AddHours(-1), clock.ToUtc(moment), TimeSpan.FromMilliseconds(0.01));
    }

    [Fact]
    public void It_is_told_once_that_the_clock_is_synchronised_and_after_the_step_that_did_it()
    {
        _state = ClockState.Unsynchronised;
        var clock = Create();
        var seen = new List<string>();
        clock.Stepped += _ => seen.Add("step");
        clock.Synchronised += () => seen.Add("synchronised");
        Pass(clock, 3);
        Assert.Equal(ClockState.Unsynchronised, clock.State);

        _time.StepWall(TimeSpan.FromDays(20_000));
        _state = ClockState.Synchronised;
        Pass(clock, 10);

        Assert.Equal(["step", "synchronised"], seen);
        Assert.Equal(ClockState.Synchronised, clock.State);
        Assert.Equal(1, _synchronised);
    }

    [Fact]
    public void A_kernel_that_does_not_say_is_no_news()
    {
        _state = ClockState.Unknown;
        var clock = Create();
        _state = ClockState.Synchronised;
        Pass(clock, 3);

        Assert.Equal(0, _synchronised);
        Assert.Equal(ClockState.Synchronised, clock.State);
    }

    private WallClock Create()
    {
        var clock = new WallClock(_time, () => _state);
        clock.Stepped += step => _steps.Add(step.Seconds);
        clock.Synchronised += () => _synchronised++;
        return clock;
    }

    private void Pass(WallClock clock, int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(WallClock.ObservationPeriod);
            clock.Observe();
        }
    }
}
