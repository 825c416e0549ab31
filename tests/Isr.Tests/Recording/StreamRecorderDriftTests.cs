using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

public sealed class StreamRecorderDriftTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(-100)]
    public async Task A_crystal_that_is_off_does_not_shift_the_splits(double ppm)
    {
        await using var harness = new RecordingHarness("2026-05-23T11:55:00Z");
        var source = harness.AddSource(FrameSupplies.Numbered, splitMinutes: 60);

        source.Connect();
        source.Burst(4);
        source.Play(6 * 3600, ppm);
        await harness.FinishAsync();

        harness.HoldsAllOf(source);
        var opened = harness.Entries<FileOpened>();
        Assert.Equal(7, opened.Count);
        Assert.Empty(harness.Entries<StallFound>());
        var at = 0;
        foreach (var file in opened)
        {
            Assert.InRange((file.Start - source.Fed[at].Sounded).TotalMilliseconds, -100, 164);
            at += RecordingHarness.FramesOf(harness.PathOf(file.File)).Count;
        }
    }

    [Fact]
    public async Task A_source_that_stood_still_is_journaled_and_what_follows_is_placed_rightly()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00Z");
        var source = harness.AddSource(FrameSupplies.Numbered, splitMinutes: 1);

        source.Connect();
        source.Burst(4);
        source.Play(15);
        await harness.WrittenAsync();
        var stalled = harness.Now;
        source.Stall(3);
        source.Play(45);
        await harness.FinishAsync();

        var stall = Assert.Single(harness.Entries<StallFound>());
        Assert.InRange(stall.Seconds, 2.9, 3.1);
        Assert.InRange((stall.From - stalled).TotalMilliseconds, -100, 100);
        Assert.Equal("20260523_123000.aac", stall.File);
        Assert.InRange(stall.Sample / 16000.0, 14.9, 15.1);
        Assert.Equal(["20260523_122956.aac", "20260523_123000.aac", "20260523_123100.aac"], harness.Entries<FileOpened>().ConvertAll(o => o.File));
        var last = harness.Entries<FileOpened>()[2];
        var first = harness.Entries<FileOpened>().Take(2).Sum(o => RecordingHarness.FramesOf(harness.PathOf(o.File)).Count);
        Assert.InRange((last.Start - source.Fed[first].Sounded).TotalMilliseconds, -100, 164);
        Assert.Equal(1, harness.Log.Count("stood still for 3.0 s"));
    }

    [Fact]
    public async Task A_stall_before_a_boundary_is_found_in_the_file_where_it_is()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:29:30Z");
        var source = harness.AddSource(FrameSupplies.Numbered, splitMinutes: 30);

        source.Connect();
        source.Play(20);
        source.Stall(3);
        source.Play(15);
        await harness.WrittenAsync();
        source.Play(15);
        await harness.FinishAsync();

        var stall = Assert.Single(harness.Entries<StallFound>());
        Assert.Equal("20260523_122930.aac", stall.File);
        Assert.InRange(stall.Sample / 16000.0, 19.9, 20.1);
    }

    [Fact]
    public async Task A_network_that_only_delays_is_no_stall()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:29:40Z");
        var source = harness.AddSource(FrameSupplies.Numbered, splitMinutes: 30);

        source.Connect();
        source.Play(15);
        source.Delay(10);
        source.Play(60);
        await harness.FinishAsync();

        Assert.Empty(harness.Entries<StallFound>());
        Assert.Empty(harness.Entries<GapFound>());
        harness.HoldsAllOf(source);
        var opened = harness.Entries<FileOpened>();
        Assert.Equal(["20260523_122940.aac", "20260523_123000.aac"], opened.ConvertAll(o => o.File));
        var first = RecordingHarness.FramesOf(harness.PathOf(opened[0].File)).Count;
        Assert.InRange((opened[1].Start - source.Fed[first].Sounded).TotalMilliseconds, -100, 164);
    }

    [Fact]
    public async Task A_rise_of_less_than_half_a_second_is_no_stall_and_is_followed_slowly()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00Z");
        var source = harness.AddSource(FrameSupplies.Numbered, splitMinutes: 15);

        source.Connect();
        source.Play(15);
        source.Stall(0.3);
        source.Play(1800);
        await harness.FinishAsync();

        Assert.Empty(harness.Entries<StallFound>());
        var opened = harness.Entries<FileOpened>();
        var at = opened.Take(2).Sum(o => RecordingHarness.FramesOf(harness.PathOf(o.File)).Count);
        Assert.InRange((opened[2].Start - source.Fed[at].Sounded).TotalMilliseconds, -100, 164);
    }
}
