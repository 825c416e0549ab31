using Isr.Recording.Journal;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Recording;

public sealed class StreamRecorderDiskTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task A_full_disk_stops_its_sources_alone_and_recording_goes_on_when_there_is_room()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        await using var disk = await SmallDisk.MountAsync(harness.PathOf("small"), 4096);
        var full = harness.AddSource(await FrameSupplies.Mp3Async(), "full", folder: disk.Path);
        full.WaitsForDisk = false;
        var other = harness.AddSource(await FrameSupplies.Mp3Async(), "other");
        other.WaitsForDisk = false;

        full.Connect();
        other.Connect();
        Play(10);
        await harness.WrittenAsync();
        var ballast = disk.Fill();
        await PlayUntilAsync(() => full.Monitor.Current.State == SourceState.Disk, 0.2);
        // Tried again and again, said once.
        for (var i = 0; i < 3; i++)
        {
            var last = full.Monitor.Current.ErrorAt;
            await PlayUntilAsync(() => full.Monitor.Current.ErrorAt != last, 0.2);
        }

        Assert.Equal(SourceState.Disk, full.Monitor.Current.State);
        Assert.Equal(SourceState.Recording, other.Monitor.Current.State);
        Assert.Contains("space", full.Monitor.Current.Error, StringComparison.OrdinalIgnoreCase);
        File.Delete(ballast);
        await PlayUntilAsync(() => full.Monitor.Current.State == SourceState.Recording, 0.2);
        Play(5);
        await harness.FinishAsync();

        Assert.Equal(1, harness.Log.Count("[full] cannot be recorded"));
        Assert.Equal(1, harness.Log.Count("[full] is recorded again"));
        Assert.Equal(0, harness.Log.Count("[other] cannot"));
        harness.HoldsAllOf(other);
        var opened = harness.Entries<FileOpened>().FindAll(o => o.Source == "full");
        var closed = harness.Entries<FileClosed>().FindAll(o => o.Source == "full");
        Assert.Equal(2, opened.Count);
        Assert.Equal(["disk", "stopped"], closed.ConvertAll(c => c.How));
        var gap = Assert.Single(harness.Entries<GapFound>());
        Assert.Equal(("full", "disk"), (gap.Source, gap.Cause));
        Assert.Equal(closed[0].End, gap.From);
        Assert.Equal(opened[1].Start, gap.To);
        Assert.Equal(2, Directory.GetFiles(disk.Path).Length);
        await AudioChecks.DecodesSilentlyAsync(opened.Select(file => harness.PathOf(file.File)));
        foreach (var file in opened)
        {
            await AudioChecks.PassesMp3valAsync(harness.PathOf(file.File));
        }

        // Nothing is doubled, and nothing is missing but the gap.
        var recorded = opened.SelectMany(o => RecordingHarness.FramesOf(harness.PathOf(o.File))).ToList();
        var comparison = AudioChecks.Compare([.. full.Fed.Select(f => f.Frame.Data)], recorded);
        Assert.Equal((0, 0, 0), (comparison.Doubled, comparison.Foreign, comparison.Disordered));
        Assert.InRange(comparison.Lost * 1152 / 44100.0, gap.Seconds - 0.1, gap.Seconds + 0.1);

        void Play(double seconds)
        {
            for (var i = 0; i < seconds * 10; i++)
            {
                full.Burst(0.1);
                other.Play(0.1);
            }
        }

        Task PlayUntilAsync(Func<bool> condition, double seconds) => Wait.UntilAsync(
            () =>
            {
                Play(seconds);
                return condition();
            },
            s_patience,
            () => full.Monitor.Current.ToString());
    }

    [Fact]
    public async Task A_boundary_while_the_disk_is_full_hides_nothing_from_the_journal()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        await using var disk = await SmallDisk.MountAsync(harness.PathOf("small"), 4096);
        var source = harness.AddSource(await FrameSupplies.Mp3Async(), splitMinutes: 0.25, folder: disk.Path);
        source.WaitsForDisk = false;

        source.Connect();
        source.Play(10);
        await harness.WrittenAsync();
        var ballast = disk.Fill();
        // Faster than the disk's thread looks: several files are complete before the first of them fails.
        source.Play(60);
        await Wait.UntilAsync(
            () =>
            {
                source.Play(0.1);
                return source.Monitor.Current.State == SourceState.Disk;
            },
            s_patience,
            "the full disk is noticed");
        File.Delete(ballast);
        await Wait.UntilAsync(
            () =>
            {
                source.Play(0.2);
                return source.Monitor.Current.State == SourceState.Recording;
            },
            s_patience,
            "recording goes on");
        await harness.FinishAsync();

        var opened = harness.Entries<FileOpened>();
        var closed = harness.Entries<FileClosed>();
        var gap = Assert.Single(harness.Entries<GapFound>());
        Assert.Equal("disk", gap.Cause);
        Assert.Equal(closed[0].End, gap.From);
        Assert.Equal(opened[1].Start, gap.To);
        Assert.Equal(opened.Count, Directory.GetFiles(disk.Path).Length);
        Assert.All(Directory.GetFiles(disk.Path), f => Assert.NotEqual(0, new FileInfo(f).Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_that_vanishes_is_made_anew(bool isMoved)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async(), pattern: "%Y/%m/%d/%H%M%S");
        source.WaitsForDisk = false;

        source.Connect();
        source.Play(10);
        await harness.WrittenAsync();
        var vanished = harness.Now;
        if (isMoved)
        {
            Directory.Move(harness.Folder, harness.Folder + "-moved");
        }
        else
        {
            Directory.Delete(harness.Folder, recursive: true);
        }

        await Wait.UntilAsync(
            () =>
            {
                source.Play(0.2);
                return source.Monitor.Current.State == SourceState.Disk;
            },
            s_patience,
            "the loss is noticed");
        var noticed = harness.Now;
        await Wait.UntilAsync(
            () =>
            {
                source.Play(0.2);
                return source.Monitor.Current.State == SourceState.Recording;
            },
            s_patience,
            "recording goes on");
        await harness.FinishAsync();

        // The disk's thread looks twice a second of real time, in which the test's clock runs ahead.
        Assert.InRange((noticed - vanished).TotalSeconds, isMoved ? 4 : 0.5, 5 + (0.2 * 200));
        Assert.Equal(1, harness.Log.Count("vanished while it was recorded"));
        var file = Assert.Single(harness.Files());
        await AudioChecks.DecodesSilentlyAsync(file);
        await AudioChecks.PassesMp3valAsync(file);
        Assert.Equal("disk", Assert.Single(harness.Entries<GapFound>()).Cause);
        Assert.Equal(SourceState.Recording, source.Monitor.Current.State);
    }

    [Fact]
    public async Task A_name_that_leads_nowhere_is_left_alone()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(await FrameSupplies.Mp3Async());
        Directory.CreateDirectory(harness.PathOf("20260523_123000_2.mp3"));
        File.CreateSymbolicLink(harness.PathOf("20260523_123000.mp3"), harness.PathOf("gone.mp3"));

        source.Connect();
        source.Play(3);
        await harness.FinishAsync();

        Assert.Equal("20260523_123000_3.mp3", Assert.Single(harness.Entries<FileOpened>()).File);
        Assert.False(File.Exists(harness.PathOf("gone.mp3")));
    }
}
