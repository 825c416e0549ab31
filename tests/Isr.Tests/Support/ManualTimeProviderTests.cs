namespace Isr.Tests.Support;

public sealed class ManualTimeProviderTests
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 29, 0, 30, 0, TimeSpan.Zero);

    [Fact]
    public void Both_clocks_move_together_until_the_wall_is_stepped()
    {
        var time = new ManualTimeProvider(s_start);
        var before = time.GetTimestamp();

        time.Advance(TimeSpan.FromSeconds(10));
        time.StepWall(TimeSpan.FromHours(-1));

        Assert.Equal(s_start.AddSeconds(10).AddHours(-1), time.GetUtcNow());
        Assert.InRange(time.GetElapsedTime(before), TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(3), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Timestamps_are_not_ticks()
    {
        var time = new ManualTimeProvider(s_start);
        var before = time.GetTimestamp();

        time.Advance(TimeSpan.FromDays(365));

        Assert.NotEqual(0, before);
        Assert.Equal(365L * 86_400 * 7_000_003, time.GetTimestamp() - before);
    }

    [Fact]
    public void Local_time_is_that_of_its_zone()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var time = new ManualTimeProvider(s_start, zone);

        Assert.Equal(TimeSpan.FromHours(1), time.GetLocalNow().Offset);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromHours(2), time.GetLocalNow().Offset);
        time.SetZone(TimeZoneInfo.Utc);
        Assert.Equal(TimeSpan.Zero, time.GetLocalNow().Offset);
    }

    [Fact]
    public async Task Timers_fire_in_order_each_at_its_moment()
    {
        var time = new ManualTimeProvider(s_start);
        var fired = new List<(string Name, TimeSpan At)>();
        await using var late = time.CreateTimer(_ => fired.Add(("late", time.Elapsed)), null, TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);
        await using var periodic = time.CreateTimer(_ => fired.Add(("periodic", time.Elapsed)), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3));
        await using var disposed = time.CreateTimer(_ => fired.Add(("disposed", time.Elapsed)), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        await disposed.DisposeAsync();

        Assert.Equal(TimeSpan.FromSeconds(2), time.UntilNextTimer);
        time.Advance(TimeSpan.FromSeconds(8));

        Assert.Equal(
            [("periodic", TimeSpan.FromSeconds(2)), ("late", TimeSpan.FromSeconds(5)), ("periodic", TimeSpan.FromSeconds(5)), ("periodic", TimeSpan.FromSeconds(8))],
            fired);
        Assert.Equal(1, time.PendingTimers);
    }

    [Fact]
    public async Task Stepping_the_wall_fires_nothing()
    {
        var time = new ManualTimeProvider(s_start);
        var fired = false;
        await using var timer = time.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        time.StepWall(TimeSpan.FromHours(1));

        Assert.False(fired);
    }

    [Fact]
    public async Task Delays_and_timeouts_of_the_framework_run_on_it()
    {
        var time = new ManualTimeProvider(s_start);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        var delay = Task.Delay(TimeSpan.FromSeconds(1), time, TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromSeconds(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(timeout.IsCancellationRequested);

        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(timeout.IsCancellationRequested);
    }

    [Fact]
    public async Task A_timer_due_now_fires_without_the_clock_moving()
    {
        var time = new ManualTimeProvider(s_start);
        var fired = new TaskCompletionSource();

        await using var timer = time.CreateTimer(_ => fired.TrySetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task It_can_be_used_from_many_threads()
    {
        var time = new ManualTimeProvider(s_start);
        var fired = 0;
        var setters = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                await using var timer = time.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromTicks(1), TimeSpan.FromTicks(1));
                time.Advance(TimeSpan.FromTicks(3));
            }
        })).ToList();

        await Task.WhenAll(setters);

        Assert.True(fired >= 4 * 500);
        Assert.Equal(0, time.PendingTimers);
    }
}
