using Isr.Configuration;
using Isr.Recording;
using Isr.Recording.Status;
using Isr.Recording.Time;
using Isr.Sources;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Recording;

public sealed class RecorderHeartTests : IDisposable
{
    private readonly ManualTimeProvider _time = new(DateTimeOffset.Parse("2026-05-23T12:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
    private readonly TemporaryDirectory _directory = new();
    private readonly StatusFile _status;
    private readonly RecorderHeart _heart;

    public RecorderHeartTests()
    {
        var settings = Settings.ForFolder(_directory.Path).General;
        var clock = new WallClock(_time, () => ClockState.Synchronised);
        _status = new StatusFile(new RecordingFolder(settings, clock), clock, _time, NullLogger<StatusFile>.Instance);
        _heart = new RecorderHeart(_status, _time);
    }

    [Fact]
    public void A_loop_that_stands_still_stops_it_and_one_that_goes_on_starts_it()
    {
        Assert.Null(_heart.Look().Trouble);
        _time.Advance(RecorderHeart.LoopLimit + TimeSpan.FromSeconds(1));
        Assert.StartsWith("The recorder's loop has not come round for 16 s", _heart.Look().Trouble, StringComparison.Ordinal);

        _heart.Beat();

        Assert.Null(_heart.Look().Trouble);
    }

    [Fact]
    public void Sources_that_all_stand_still_stop_it()
    {
        var (one, two) = (Add("one", SourceState.Recording), Add("two", SourceState.Connecting));
        Assert.Null(After(RecorderHeart.SourceLimit));

        // One that goes on is enough: the others are not to pay for its neighbour.
        one.CountBytes(1);
        Assert.Null(After(RecorderHeart.SourceLimit));
        two.Update(s => s with { Retries = 1 });
        Assert.Null(After(RecorderHeart.SourceLimit));

        Assert.StartsWith("No source has moved on for 12", After(TimeSpan.FromSeconds(5)), StringComparison.Ordinal);
        one.CountBytes(1);
        Assert.Null(After(TimeSpan.Zero));
    }

    [Theory]
    [InlineData(SourceState.Waiting)]
    [InlineData(SourceState.Stopped)]
    internal void A_state_that_may_last_does_not(SourceState state)
    {
        Add("one", state);
        Assert.Null(After(TimeSpan.Zero));

        Assert.Null(After(TimeSpan.FromHours(5)));
    }

    [Fact]
    public void A_disk_that_takes_nothing_does_not_while_audio_comes()
    {
        var source = Add("one", SourceState.Disk);
        for (var minute = 0; minute < 10; minute++)
        {
            source.CountBytes(960_000);
            Assert.Null(After(TimeSpan.FromMinutes(1)));
        }
    }

    public void Dispose()
    {
        _status.Dispose();
        _directory.Dispose();
    }

    private SourceMonitor Add(string name, SourceState state)
    {
        var monitor = new SourceMonitor(name, "stream", _time);
        monitor.Update(s => s with { State = state });
        _status.Add(monitor);
        return monitor;
    }

    /// <summary>What it says after so long, in which the recorder's loop came round.</summary>
    private string? After(TimeSpan time)
    {
        _ = _heart.Look();
        _time.Advance(time);
        _heart.Beat();
        return _heart.Look().Trouble;
    }
}
