using System.Globalization;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

public sealed class StreamRecorderClockTests
{
    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(0.7)]
    [InlineData(-0.7)]
    public async Task A_step_of_the_wall_clock_begins_a_file_under_the_new_time(double seconds)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Burst(4);
        source.Play(10);
        harness.Time.StepWall(TimeSpan.FromSeconds(seconds));
        source.Play(1.7);
        var noticed = harness.Now;
        source.Play(5);
        await harness.FinishAsync();

        Assert.Equal(seconds, Assert.Single(harness.Entries<ClockStepped>()).Seconds, 0.01);
        Assert.Equal(["clock", "stopped"], harness.Entries<FileClosed>().ConvertAll(c => c.How));
        var opened = harness.Entries<FileOpened>();
        Assert.Equal(2, opened.Count);
        Assert.InRange((opened[1].Start - noticed).TotalSeconds, -1.2, 1.2);
        Assert.Equal(opened[1].Start.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture) + ".mp3", opened[1].File);
        var before = RecordingHarness.FramesOf(harness.PathOf(opened[0].File)).Count;
        Assert.InRange((opened[1].Start - source.Fed[before].Sounded).TotalMilliseconds - (source.Fed[before].Sounded < noticed.AddMinutes(-1) ? seconds * 1000 : 0), -100, 100);
        harness.HoldsAllOf(source, wasClockSet: true);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(-0.3)]
    public async Task A_small_difference_is_slewed(double seconds)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(FrameSupplies.Numbered, splitMinutes: 15);

        source.Connect();
        source.Play(10);
        harness.Time.StepWall(TimeSpan.FromSeconds(seconds));
        source.Play(1800);
        await harness.FinishAsync();

        Assert.Empty(harness.Entries<ClockStepped>());
        var opened = harness.Entries<FileOpened>();
        Assert.Equal(["20260523_123000.aac", "20260523_124500.aac", "20260523_130000.aac"], opened.ConvertAll(o => o.File));
        Assert.InRange((harness.Clock.Now - harness.Now).TotalMilliseconds, -1, 1);
        harness.HoldsAllOf(source);
    }

    [Fact]
    public async Task One_odd_reading_changes_nothing()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Play(10);
        harness.Time.StepWall(TimeSpan.FromSeconds(7200));
        harness.Clock.Observe();
        harness.Time.StepWall(TimeSpan.FromSeconds(-7200));
        source.Play(10);
        await harness.FinishAsync();

        Assert.Empty(harness.Entries<ClockStepped>());
        Assert.Single(harness.Entries<FileOpened>());
    }

    [Fact]
    public async Task A_clock_that_is_set_back_overwrites_nothing()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:59:58.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Play(10);
        harness.Time.StepWall(TimeSpan.FromSeconds(-10));
        source.Play(20);
        await harness.FinishAsync();

        var opened = harness.Entries<FileOpened>().ConvertAll(o => o.File);
        Assert.Equal(["20260523_125958.mp3", "20260523_130000.mp3", "20260523_130000_2.mp3"], [opened[0], opened[1], opened[^1]]);
        Assert.Equal(opened.Count, harness.Files().Count);
        harness.HoldsAllOf(source);
    }

    [Fact]
    public async Task Files_of_a_clock_that_was_not_set_are_marked_and_corrected()
    {
        await using var harness = new RecordingHarness("1970-01-01T00:10:00.5Z", clockState: ClockState.Unsynchronised);
        var source = harness.AddSource(await FrameSupplies.Mp3Async(), splitMinutes: 0.25);

        source.Connect();
        source.Burst(4);
        source.Play(20);
        await harness.WrittenAsync();
        var truth = DateTimeOffset.Parse("2026-05-23T12:30:00Z", CultureInfo.InvariantCulture) - harness.Now;
        harness.Time.StepWall(truth);
        harness.ClockState = ClockState.Synchronised;
        source.Play(20);
        await harness.FinishAsync();

        var opened = harness.Entries<FileOpened>();
        var marked = opened.FindAll(o => o.Clock is not null);
        Assert.All(marked, o => Assert.Equal("unsynchronised", o.Clock));
        Assert.Equal(opened.Where(o => o.Start.Year == 1970), marked);
        Assert.True(marked.Count >= 3);
        Assert.Single(harness.Entries<ClockSynchronised>());
        var corrected = harness.Entries<StartCorrected>();
        Assert.Equal(marked.ConvertAll(o => o.File), corrected.ConvertAll(c => c.File));
        Assert.All(marked.Zip(corrected), pair => Assert.InRange((pair.Second.Start - pair.First.Start - truth).TotalMilliseconds, -20, 20));
        harness.HoldsAllOf(source);
    }

    [Fact]
    public async Task A_file_whose_first_bytes_wait_for_the_disk_while_the_clock_is_set_is_corrected_too()
    {
        await using var harness = new RecordingHarness("1970-01-01T00:10:00.5Z", clockState: ClockState.Unsynchronised);
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Play(2);
        var truth = TimeSpan.FromDays(20_000);
        harness.Time.StepWall(truth);
        harness.ClockState = ClockState.Synchronised;
        source.Play(3);
        await harness.FinishAsync();

        var opened = harness.Entries<FileOpened>()[0];
        var corrected = Assert.Single(harness.Entries<StartCorrected>());
        Assert.Equal((1970, "unsynchronised", opened.File), (opened.Start.Year, opened.Clock, corrected.File));
        Assert.InRange((corrected.Start - opened.Start - truth).TotalMilliseconds, -20, 20);
    }
}
