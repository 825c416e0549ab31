using System.Globalization;
using System.Runtime.InteropServices;
using Isr.Audio;
using Isr.Recording.Journal;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

[SideBySide]
public sealed class StreamRecorderSplitTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_is_at_the_first_frame_at_or_after_the_boundary(bool adts)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:14:30Z");
        var source = harness.AddSource(adts ? await FrameSupplies.AdtsAsync() : await FrameSupplies.Mp3Async(), splitMinutes: 0.25);

        source.Connect();
        source.Burst(4);
        source.Play(50);
        await harness.FinishAsync();

        var extension = adts ? ".aac" : ".mp3";
        var opened = harness.Entries<FileOpened>();
        Assert.Equal(
            ["20260523_121426", "20260523_121430", "20260523_121445", "20260523_121500", "20260523_121515"],
            opened.ConvertAll(o => Path.GetFileNameWithoutExtension(o.File)));
        Assert.All(opened, o => Assert.Equal(extension, Path.GetExtension(o.File)));
        FilesHoldTheirMoments(harness, source, TimeSpan.FromMilliseconds(60));
        if (!adts)
        {
            await AudioChecks.PassesAllAsync(opened.Select(file => harness.PathOf(file.File)));
        }
    }

    [Fact]
    public async Task Decoded_and_joined_the_files_are_the_stream_to_the_sample()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:14:50Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async(), splitMinutes: 0.25);

        source.Connect();
        source.Play(40);
        await harness.FinishAsync();

        var whole = harness.PathOf("whole.mp3");
        await File.WriteAllBytesAsync(whole, [.. source.Fed.SelectMany(f => f.Frame.Data.ToArray())], TestContext.Current.CancellationToken);
        var expected = await AudioChecks.Decode16Async(whole);
        List<string> paths = harness.Entries<FileOpened>().ConvertAll(file => harness.PathOf(file.File));
        var joined = new List<short>();
        foreach (var part in await AudioChecks.DecodeRawAsync(paths, "s16le"))
        {
            joined.AddRange(MemoryMarshal.Cast<byte, short>(part));
        }

        // What ffmpeg drops of a file without an Info frame is another amount at the very start: the ends are aligned.
        var common = Math.Min(expected.Length, joined.Count) - 5000;
        Assert.True(common > 1_000_000);
        Assert.True(expected.AsSpan(expected.Length - common).SequenceEqual(joined.ToArray().AsSpan(joined.Count - common)));
    }

    [Fact]
    public async Task A_boundary_inside_the_burst_makes_a_short_file()
    {
        await using var harness = new RecordingHarness("2026-05-23T13:00:01.25Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Burst(4);
        source.Play(5);
        await harness.FinishAsync();

        Assert.Equal(["20260523_125957.mp3", "20260523_130000.mp3"], harness.Entries<FileOpened>().ConvertAll(o => o.File));
        FilesHoldTheirMoments(harness, source, TimeSpan.FromMilliseconds(60));
    }

    /// <summary>Past the change by a few files; with ISR_CAMPAIGN=full for the whole of the day that has an hour less or more.</summary>
    [Theory]
    [InlineData("2026-03-29T00:58:00+01:00", 1.25, 4, 0.25)]
    [InlineData("2026-10-25T00:58:00+02:00", 3.25, 4, 0.25)]
    [InlineData("2026-10-25T01:55:30+02:00", 2, 2, 1)]
    [InlineData("2026-03-28T23:50:00+01:00", 4, 25, 15)]
    [InlineData("2026-10-24T23:50:00+02:00", 4, 27, 15)]
    [InlineData("2026-03-28T23:50:00+01:00", 8, 25, 120)]
    [InlineData("2026-10-24T23:50:00+02:00", 8, 27, 120)]
    public async Task Over_a_change_of_daylight_saving_time_every_file_has_its_place(string start, double hours, double hoursInFull, double minutes)
    {
        await using var harness = new RecordingHarness(start, "Europe/Berlin");
        var source = harness.AddSource(FrameSupplies.NumberedLong, splitMinutes: minutes);
        var schedule = new Isr.Recording.Time.SplitSchedule(TimeSpan.FromMinutes(minutes), harness.Clock.Zone);
        var first = harness.Now;

        source.Connect();
        source.Play((EndToEnd.Campaign.IsFull ? hoursInFull : hours) * 3600);
        await harness.FinishAsync();

        FilesHoldTheirMoments(harness, source, TimeSpan.FromMilliseconds(512 + 100));
        var opened = harness.Entries<FileOpened>();
        var boundaries = new List<DateTimeOffset> { TimeZoneInfo.ConvertTime(first, harness.Clock.Zone) };
        for (var b = schedule.NextBoundary(first); b <= harness.Now.AddSeconds(-0.6); b = schedule.NextBoundary(b))
        {
            boundaries.Add(b);
        }

        Assert.Equal(Names(boundaries), opened.ConvertAll(o => o.File));
        Assert.All(opened, o => Assert.Equal(harness.Clock.Zone.GetUtcOffset(o.Start), o.Start.Offset));
        Assert.Equal(opened.Count, harness.Files().Count);
    }

    /// <summary>The names of files that begin at these local times: a time that comes twice has _2 the second time.</summary>
    private static List<string> Names(IEnumerable<DateTimeOffset> starts)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. starts.Select(start =>
        {
            var name = start.ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
            return taken.Add(name) ? name + ".aac" : name + "_2.aac";
        })];
    }

    [Fact]
    public async Task A_boundary_is_cut_once_even_where_the_anchor_or_the_clock_move_back_over_it()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:59:58Z");
        var source = harness.AddSource(FrameSupplies.Numbered);

        source.Connect();
        source.Play(2.2);
        // Half a second that came late all along, and a wall clock that is slewed back.
        source.Burst(0.45);
        harness.Time.StepWall(TimeSpan.FromSeconds(-0.4));
        source.Play(900);
        await harness.FinishAsync();

        Assert.Equal(["20260523_125958.aac", "20260523_130000.aac"], harness.Entries<FileOpened>().ConvertAll(o => o.File));
        harness.HoldsAllOf(source);
    }

    [Fact]
    public async Task Two_sources_of_one_name_take_turns_with_numbers()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var first = harness.AddSource(await FrameSupplies.Mp3Async(), "first");
        var second = harness.AddSource(await FrameSupplies.Mp3Async(), "second");
        Directory.CreateDirectory(harness.Folder);
        await File.WriteAllTextAsync(harness.PathOf("20260523_123000.mp3"), "here before", TestContext.Current.CancellationToken);

        first.Connect();
        second.Connect();
        for (var i = 0; i < 50; i++)
        {
            first.Burst(0.1);
            second.Play(0.1);
        }

        await harness.FinishAsync();

        Assert.Equal(
            ["20260523_123000.mp3", "20260523_123000_2.mp3", "20260523_123000_3.mp3"],
            [.. harness.Files().Select(f => Path.GetFileName(f))]);
        Assert.Equal("here before", await File.ReadAllTextAsync(harness.PathOf("20260523_123000.mp3"), TestContext.Current.CancellationToken));
        harness.HoldsAllOf(first);
        harness.HoldsAllOf(second);
    }

    [Fact]
    public async Task Another_format_begins_another_file_and_nothing_is_lost()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Burst(4);
        source.Play(5);
        source.Supply = await FrameSupplies.Mp3Async(48000, 2, 128, 20);
        source.Play(5);
        source.Supply = await FrameSupplies.Mp3Async(48000, 1, 64, 20);
        source.Play(5);
        await harness.FinishAsync();

        var opened = harness.Entries<FileOpened>();
        Assert.Equal([(44100, 2), (48000, 2), (48000, 1)], opened.ConvertAll(o => (o.SampleRate, o.Channels)));
        Assert.Equal(["format", "format", "stopped"], harness.Entries<FileClosed>().ConvertAll(o => o.How));
        FilesHoldTheirMoments(harness, source, TimeSpan.FromMilliseconds(60));
        await AudioChecks.PassesAllAsync(opened.Select(file => harness.PathOf(file.File)));
    }

    [Fact]
    public async Task A_format_that_changes_inside_the_burst_is_journaled_for_each_file()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());

        source.Connect();
        source.Burst(2);
        source.Supply = await FrameSupplies.AdtsAsync();
        source.Burst(2);
        source.Play(1);
        await harness.FinishAsync();

        Assert.Equal(
            [("20260523_122956.mp3", "MpegLayer3"), ("20260523_122958.aac", "Aac")],
            harness.Entries<FileOpened>().ConvertAll(o => (o.File, o.Codec)));
        harness.HoldsAllOf(source);
    }

    [Fact]
    public async Task Where_the_stream_lacks_a_part_a_file_ends_and_the_gap_is_known_to_the_sample()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(number => FrameSupplies.Numbered(number) with { Lost = number == 200 ? 20_000 : null });

        source.Connect();
        source.Burst(2);
        source.Play(20);
        await harness.FinishAsync();

        FilesHoldTheirMoments(harness, source, TimeSpan.FromMilliseconds(70), contiguous: false);
        Assert.Equal(["lost", "stopped"], harness.Entries<FileClosed>().ConvertAll(c => c.How));
        var gap = Assert.Single(harness.Entries<GapFound>());
        Assert.Equal(("lost", 1.25), (gap.Cause, gap.Seconds));
        Assert.Contains("20000 samples (1.250 s)", gap.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_of_a_chained_stream_begins_a_file_behind_what_its_players_drop()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var (first, second) = (new StreamSetup([]), new StreamSetup([]));
        var source = harness.AddSource(number => FrameSupplies.Numbered(number) with
        {
            Format = FrameSupplies.Numbered(0).Format with { Setup = number < 200 ? first : second },
            Unheard = number == 200 ? 1600 : 0,
        });

        source.Connect();
        source.Burst(2);
        source.Play(20);
        await harness.FinishAsync();

        FilesHoldTheirMoments(harness, source, TimeSpan.FromMilliseconds(70), contiguous: false);
        Assert.Equal(["link", "stopped"], harness.Entries<FileClosed>().ConvertAll(c => c.How));
        Assert.Equal(0.1, (harness.Entries<FileOpened>()[1].Start - harness.Entries<FileClosed>()[0].End).TotalSeconds, precision: 3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stream_that_begins_anew_or_lacks_parts_all_the_time_is_given_up(bool lacksParts)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(number => lacksParts
            ? FrameSupplies.Numbered(number) with { Lost = 100 }
            : FrameSupplies.Numbered(number) with { Format = FrameSupplies.Numbered(0).Format with { Channels = number % 2 == 0 ? 1 : 2 } });

        source.Connect();
        source.Burst(2);
        var end = source.Play(20);

        Assert.Equal(EndCause.Broken, end?.Cause);
        Assert.Contains("began anew", end?.Sentence, StringComparison.Ordinal);
        Assert.InRange(harness.Entries<FileOpened>().Count, 0, 60);
    }

    /// <summary>
    /// Joined, the files are what was fed; each begins when its first frame sounded in truth, ends where the next
    /// begins, and the journal counts its samples.
    /// </summary>
    private static void FilesHoldTheirMoments(RecordingHarness harness, FedSource source, TimeSpan precision, bool contiguous = true)
    {
        harness.HoldsAllOf(source);
        var opened = harness.Entries<FileOpened>();
        var closed = harness.Entries<FileClosed>().ToDictionary(c => c.File, StringComparer.Ordinal);
        var at = 0;
        for (var i = 0; i < opened.Count; i++)
        {
            var frames = RecordingHarness.FramesOf(harness.PathOf(opened[i].File)).Count;
            var fed = source.Fed.GetRange(at, frames);
            at += frames;
            var end = closed[opened[i].File];

            Assert.InRange(opened[i].Start - fed[0].Sounded, -precision, precision);
            Assert.Equal(fed.Sum(f => (long)f.Frame.Samples), end.Samples);
            Assert.Equal(new FileInfo(harness.PathOf(opened[i].File)).Length, end.Bytes);
            if (contiguous && i + 1 < opened.Count)
            {
                Assert.InRange((opened[i + 1].Start - end.End).TotalMilliseconds, -1, 1);
            }
        }
    }
}
