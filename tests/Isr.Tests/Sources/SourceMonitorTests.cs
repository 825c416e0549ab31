using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Sources;

public sealed class SourceMonitorTests
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 12, 30, 0, TimeSpan.Zero));

    [Fact]
    public void A_new_state_has_its_beginning_and_another_change_leaves_it()
    {
        var monitor = new SourceMonitor("radio", "stream", _time);
        _time.Advance(TimeSpan.FromSeconds(5));
        monitor.Update(s => s with { State = SourceState.Recording });
        var since = monitor.Current.Since;
        _time.Advance(TimeSpan.FromSeconds(5));
        monitor.Update(s => s with { Title = "a song" });

        Assert.Equal(_time.GetUtcNow().AddSeconds(-5), since);
        Assert.Equal(since, monitor.Current.Since);
    }

    [Fact]
    public void An_error_keeps_the_time_at_which_it_came()
    {
        var monitor = new SourceMonitor("radio", "stream", _time);
        monitor.Update(s => s with { Error = "broken" });
        var at = monitor.Current.ErrorAt;
        _time.Advance(TimeSpan.FromSeconds(5));
        monitor.Update(s => s with { State = SourceState.Recording });

        Assert.Equal(("broken", at), (monitor.Current.Error, monitor.Current.ErrorAt));
    }

    [Fact]
    public void Only_changes_are_told_and_counters_are_none()
    {
        var monitor = new SourceMonitor("radio", "stream", _time);
        var changes = 0;
        monitor.Changed += () => changes++;

        monitor.Update(s => s with { Title = "a song" });
        monitor.Update(s => s with { Title = "a song" });
        monitor.CountBytes(100);
        monitor.CountBytes(23);
        monitor.CountSkippedBytes(7);
        monitor.SetFile(0, 9);

        Assert.Equal(1, changes);
        Assert.Equal((123, 7, 9), (monitor.Current.Bytes, monitor.Current.SkippedBytes, monitor.Current.DiskQueue));
    }

    [Fact]
    public void Changes_from_many_threads_all_count()
    {
        var monitor = new SourceMonitor("radio", "stream", _time);

        Parallel.For(0, 1000, _ =>
        {
            monitor.Update(s => s with { Titles = s.Titles + 1 });
            monitor.CountBytes(1);
        });

        Assert.Equal((1000, 1000), (monitor.Current.Titles, (int)monitor.Current.Bytes));
    }
}
