using Isr.Audio.Sniffing;
using Isr.Recording;
using Isr.Recording.Joining;
using Isr.Recording.Journal;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

/// <summary>What a new connection repeats is in no file twice, and what it lacks is known.</summary>
public sealed class StreamRecorderHealingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(3.5)]
    public async Task An_outage_shorter_than_the_burst_costs_nothing(double outage)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:10.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Burst(4);
        source.Play(20);
        source.Disconnect(new ConnectionEnd(EndCause.Broken, "reset by peer"));
        source.Miss(outage);
        source.Connect();
        source.Rewind(4);
        source.Burst(4);
        source.Play(10);
        await harness.FinishAsync();

        harness.HoldsOnce(source);
        var healed = Assert.Single(harness.Entries<GapHealed>());
        Assert.Empty(harness.Entries<GapFound>());
        Assert.Equal(("broken", "reset by peer"), (healed.Cause, healed.Sentence));
        Assert.Equal(4 - outage, healed.Seconds, 0.06);
        var files = harness.Entries<FileOpened>();
        Assert.Equal(2, files.Count);
        Assert.Equal(harness.Entries<FileClosed>()[0].End, healed.Time);
        Assert.Equal(0, (files[1].Start - healed.Time).TotalSeconds, 1e-6);
    }

    [Fact]
    public async Task A_burst_that_ends_before_the_last_recorded_frame_is_dropped_until_new_audio_comes()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:10.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Play(20);
        source.Disconnect();
        source.Connect();
        source.Rewind(8);
        source.Burst(5);
        source.Play(10);
        await harness.FinishAsync();

        harness.HoldsOnce(source);
        Assert.Equal(8, Assert.Single(harness.Entries<GapHealed>()).Seconds, 0.06);
    }

    [Fact]
    public async Task A_connection_of_nothing_but_doubled_audio_makes_no_file_and_the_next_heals()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:10.5Z");
        var source = harness.AddSource(await FrameSupplies.AdtsAsync());

        source.Connect();
        source.Play(20);
        source.Disconnect();
        for (var i = 0; i < 3; i++)
        {
            source.Connect();
            source.Rewind(4);
            source.Burst(3);
            source.Play(0.8);
            source.Disconnect();
        }

        source.Connect();
        source.Rewind(4);
        source.Burst(4);
        source.Play(10);
        await harness.FinishAsync();

        harness.HoldsOnce(source);
        Assert.Equal(2, harness.Entries<FileOpened>().Count);
        Assert.Single(harness.Entries<GapHealed>());
    }

    [Fact]
    public async Task Silence_could_lie_anywhere_and_is_kept_twice()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:10.5Z");
        var silence = FrameSupplies.Numbered(0);
        var source = harness.AddSource(_ => silence);

        source.Connect();
        source.Play(20);
        source.Disconnect();
        source.Connect();
        source.Burst(4);
        source.Play(10);
        await harness.FinishAsync();

        harness.HoldsAllOf(source);
        Assert.Empty(harness.Entries<GapHealed>());
        var gap = Assert.Single(harness.Entries<GapFound>());
        Assert.Equal("unknown", gap.Overlap);
        Assert.Equal(-4, gap.Seconds, 0.1);
    }

    [Theory]
    [InlineData("flac", StreamKind.Flac)]
    [InlineData("ogg", StreamKind.Ogg)]
    [InlineData("opus", StreamKind.Ogg)]
    [InlineData("oggflac", StreamKind.Ogg)]
    public async Task Where_the_stream_counts_its_samples_a_gap_is_known_to_the_sample(string format, StreamKind kind)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:10.5Z");
        var source = harness.AddSource(await FrameSupplies.CodedAsync(format, kind));

        source.Connect();
        source.Play(5);
        source.Disconnect();
        source.Miss(2);
        source.Connect();
        source.Play(4);
        await harness.FinishAsync();

        var gap = Assert.Single(harness.Entries<GapFound>());
        Assert.Equal(source.Missed, gap.Seconds, 0.0011);
    }

    [Theory]
    [InlineData("mp3", 3)]
    [InlineData("mp3", 40)]
    [InlineData("mp3", 90)]
    [InlineData("adts", 40)]
    [InlineData("ogg", 3)]
    [InlineData("ogg", 90)]
    [InlineData("opus", 40)]
    public async Task A_new_run_of_the_program_goes_on_where_the_last_one_ended(string format, double seconds)
    {
        var supply = await FrameSupplies.CodedAsync(format, format switch { "mp3" => StreamKind.MpegAudio, "adts" => StreamKind.Adts, _ => StreamKind.Ogg });
        await using var before = new RecordingHarness("2026-05-23T12:30:10.5Z");
        var source = before.AddSource(supply);
        source.Connect();
        source.Play(seconds);
        await before.FinishAsync();
        var closed = Assert.Single(before.Entries<FileClosed>());
        var fed = source.Fed.Count;

        await using var after = new RecordingHarness("2026-05-23T12:31:50Z");
        source = after.AddSource(supply, skip: fed);
        source.Rewind(2);
        source.Recorder.Resume(new LastRecording(RecordedTail.Read(before.PathOf(closed.File)), closed.End, new Gap("stopped", "the program was not running")));
        source.Connect();
        source.Burst(4);
        source.Play(5);
        await after.FinishAsync();

        Assert.Equal(2, Assert.Single(after.Entries<GapHealed>()).Seconds, 0.1);
        var samples = source.Fed.Sum(f => (long)f.Frame.Samples) + Enumerable.Range(0, fed).Sum(i => (long)supply(i).Samples);
        var doubled = Enumerable.Range(0, fed).Reverse().Select(i => supply(i)).TakeWhile((f, i) => i < fed - source.First).Sum(f => (long)f.Samples);
        Assert.Equal(samples - doubled, closed.Samples + after.Entries<FileClosed>().Sum(c => c.Samples));
    }
}
