using Isr.Recording.Journal;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

[SideBySide]
public sealed class StreamRecorderFallbackTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly TemporaryDirectory _elsewhere = new();

    public void Dispose() => _elsewhere.Dispose();

    [Theory]
    [InlineData("mp3", false)]
    [InlineData("mp3", true)]
    [InlineData("vorbis", false)]
    [InlineData("opus", false)]
    [InlineData("flac", false)]
    public async Task Nothing_is_lost_when_the_disk_is_full_and_files_come_back_when_there_is_room(string format, bool isSplitting)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        await using var disk = await SmallDisk.MountAsync(harness.PathOf("small"), 8192);
        var source = harness.AddSource(await SupplyAsync(format), splitMinutes: 0.25, folder: disk.Path, fallback: _elsewhere.File("fallback"));
        source.WaitsForDisk = false;

        source.Connect();
        await PlayAsync(harness, source, 10);
        var ballast = disk.Fill();
        if (isSplitting)
        {
            // Faster than the disk's thread looks: several files are complete before the first of them fails.
            source.Play(40);
        }

        await UntilAsync(source, () => InFallback(harness).Count > 0, "the fallback is used");
        Assert.Equal(SourceState.Recording, source.Monitor.Current.State);
        Assert.Contains("space", source.Monitor.Current.Error, StringComparison.OrdinalIgnoreCase);
        await PlayAsync(harness, source, 20);
        File.Delete(ballast);
        await UntilAsync(source, () => harness.Log.Count("works again") == 1, "the room is noticed");
        await UntilAsync(source, () => Directory.GetFiles(_elsewhere.File("fallback")).Length == 0 && source.Monitor.Current.File?.StartsWith("small", StringComparison.Ordinal) == true, "all files are back");
        await PlayAsync(harness, source, 5);
        await harness.FinishAsync();

        Assert.Empty(harness.Entries<GapFound>());
        Assert.Equal(1, harness.Log.Count("recording goes on in"));
        Assert.Equal(0, harness.Log.Count("cannot be"));
        Assert.NotEmpty(harness.Entries<FileMoved>());
        if (format == "mp3")
        {
            harness.HoldsAllOf(source);
        }

        Assert.Equal(source.Fed.Sum(f => (long)f.Frame.Samples), harness.Entries<FileClosed>().Sum(c => c.Samples));
        var paths = harness.Entries<FileOpened>().ConvertAll(opened => harness.PathNow(opened.File));
        Assert.All(paths, path => Assert.StartsWith(disk.Path, path, StringComparison.Ordinal));
        await AudioChecks.DecodesSilentlyAsync(paths);
    }

    [Fact]
    public async Task A_disk_that_is_unmounted_is_not_taken_for_an_empty_one()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var disk = await SmallDisk.MountAsync(harness.PathOf("small"), 8192);
        var source = harness.AddSource(await SupplyAsync("mp3"), splitMinutes: 1, folder: disk.Path, fallback: _elsewhere.File("fallback"));
        source.WaitsForDisk = false;

        source.Connect();
        await PlayAsync(harness, source, 5);
        await disk.DisposeAsync();
        await UntilAsync(source, () => InFallback(harness).Count > 0, "the loss is noticed");
        await UntilAsync(source, () => harness.Log.Count("is not mounted") > 2, "it is looked for");
        Assert.Empty(Directory.GetFileSystemEntries(disk.Path));
        await using var again = await SmallDisk.MountAsync(harness.PathOf("small"), 8192);
        await UntilAsync(source, () => harness.Entries<FileMoved>().Count > 0 && source.Monitor.Current.File?.StartsWith("small", StringComparison.Ordinal) == true, "it is back");
        await harness.FinishAsync();

        Assert.Equal(1, harness.Log.Count("works again"));
    }

    [Fact]
    public async Task When_the_fallback_is_full_too_the_gap_is_in_the_journal_and_either_disk_ends_it()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        await using var disk = await SmallDisk.MountAsync(harness.PathOf("small"), 4096);
        await using var other = await SmallDisk.MountAsync(_elsewhere.File("other"), 4096);
        var source = harness.AddSource(await SupplyAsync("mp3"), folder: disk.Path, fallback: other.Path);
        source.WaitsForDisk = false;

        source.Connect();
        await PlayAsync(harness, source, 10);
        disk.Fill();
        await UntilAsync(source, () => InFallback(harness).Count > 0, "the fallback is used");
        var ballast = other.Fill();
        await UntilAsync(source, () => source.Monitor.Current.State == SourceState.Disk, "both are full");
        File.Delete(ballast);
        await UntilAsync(source, () => source.Monitor.Current.State == SourceState.Recording, "recording goes on");
        await harness.FinishAsync();

        Assert.Equal(1, harness.Log.Count("cannot be recorded"));
        var gap = Assert.Single(harness.Entries<GapFound>());
        Assert.Equal("disk", gap.Cause);
        var recorded = harness.Entries<FileOpened>().SelectMany(o => RecordingHarness.FramesOf(harness.PathNow(o.File))).ToList();
        var comparison = AudioChecks.Compare([.. source.Fed.Select(f => f.Frame.Data)], recorded);
        Assert.Equal((0, 0, 0), (comparison.Doubled, comparison.Foreign, comparison.Disordered));
        Assert.InRange(comparison.Lost * 1152 / 44100.0, gap.Seconds - 0.1, gap.Seconds + 0.1);
    }

    [Fact]
    public async Task A_fallback_that_fails_sends_the_source_back_at_once()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        await using var disk = await SmallDisk.MountAsync(harness.PathOf("small"), 4096);
        await using var other = await SmallDisk.MountAsync(_elsewhere.File("other"), 4096);
        var source = harness.AddSource(await SupplyAsync("mp3"), folder: disk.Path, fallback: other.Path);
        source.WaitsForDisk = false;

        source.Connect();
        await PlayAsync(harness, source, 10);
        File.Delete(await FillAndFailAsync(disk));
        await UntilAsync(source, () => harness.Log.Count("works again") == 1, "the room is noticed");
        other.Fill();
        await UntilAsync(source, () => source.Monitor.Current.File?.StartsWith("small", StringComparison.Ordinal) == true, "it is back");
        await harness.FinishAsync();

        Assert.Empty(harness.Entries<GapFound>());
        harness.HoldsAllOf(source);

        async Task<string> FillAndFailAsync(SmallDisk full)
        {
            var ballast = full.Fill();
            await UntilAsync(source, () => InFallback(harness).Count > 0, "the fallback is used");
            return ballast;
        }
    }

    private static Task<FrameSupply> SupplyAsync(string format) => format switch
    {
        "vorbis" => FrameSupplies.CodedAsync("ogg", Audio.Sniffing.StreamKind.Ogg),
        "opus" => FrameSupplies.CodedAsync("opus", Audio.Sniffing.StreamKind.Ogg),
        "flac" => FrameSupplies.CodedAsync("flac", Audio.Sniffing.StreamKind.Flac),
        _ => FrameSupplies.Mp3Async(),
    };

    private List<FileOpened> InFallback(RecordingHarness harness) =>
        harness.Entries<FileOpened>().FindAll(o => o.File.StartsWith(_elsewhere.Path, StringComparison.Ordinal));

    private static async Task PlayAsync(RecordingHarness harness, FedSource source, double seconds)
    {
        source.Play(seconds);
        await Wait.UntilAsync(() => harness.Services.Disks.Waiting.Bytes == 0, s_patience, "the disks have all of it");
    }

    private static Task UntilAsync(FedSource source, Func<bool> condition, string description) => Wait.UntilAsync(
        () =>
        {
            source.Play(0.1);
            return condition();
        },
        s_patience,
        () => $"{description}: {source.Monitor.Current}");
}
