using Isr.Audio.Sniffing;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog;

public sealed class RecordingCatalogTests
{
    [Fact]
    public async Task A_recording_is_listed_from_its_first_bytes_to_its_end_with_the_journals_duration()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z", "Europe/Berlin");
        await using var catalog = Catalog(harness);
        var source = harness.AddSource(await FrameSupplies.Mp3Async(), splitMinutes: 0.25);
        Assert.Empty(await catalog.ListAsync());

        source.Connect();
        source.Burst(4);
        source.Play(10);
        await harness.WrittenAsync();
        await Wait.UntilAsync(() => source.Monitor.Current.File is not null, TimeSpan.FromSeconds(5), "the file is open");
        harness.Services.Status.Write();
        harness.Advance(1.1);
        var growing = (await catalog.ListAsync())[0];
        Assert.Equal(("20260523_143000.mp3", true, null), (growing.Name, growing.Recording, growing.Duration));

        source.Play(10);
        await harness.FinishAsync();
        harness.Services.Status.Write();
        harness.Advance(1.1);
        var items = await catalog.ListAsync();

        var closed = harness.Entries<FileClosed>().ToDictionary(c => c.File, c => c.Samples / 44100.0, StringComparer.Ordinal);
        Assert.Equal(["20260523_143015.mp3", "20260523_143000.mp3", "20260523_142956.mp3"], [.. items.Select(i => i.Name)]);
        Assert.All(items, i => Assert.Equal(("radio", false, 44100, 2, ".mp3"), (i.Source, i.Recording, i.SampleRate, i.Channels, i.Ext)));
        Assert.All(items, i => Assert.Equal(Math.Round(closed[i.Name], 3), i.Duration));
        Assert.Equal("2026-05-23 14:30:15", items[0].Date);
        Assert.Equal(TimeSpan.FromHours(2), items[0].Started?.Offset);
    }

    [Theory]
    [InlineData("mp3", StreamKind.MpegAudio)]
    [InlineData("adts", StreamKind.Adts)]
    [InlineData("ogg", StreamKind.Ogg)]
    [InlineData("opus", StreamKind.Ogg)]
    [InlineData("oggflac", StreamKind.Ogg)]
    [InlineData("flac", StreamKind.Flac)]
    public async Task Without_a_journal_the_files_tell_the_same(string format, StreamKind kind)
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z", "Europe/Berlin");
        var source = harness.AddSource(await FrameSupplies.CodedAsync(format, kind), splitMinutes: 0.25);
        source.Connect();
        source.Burst(4);
        source.Play(40);
        await harness.FinishAsync();
        await using var known = Catalog(harness);
        var expected = await known.ListAsync();

        Directory.Delete(JournalReader.DirectoryOf(harness.StateDirectory), recursive: true);
        await using var catalog = Catalog(harness);
        var items = await catalog.ListAsync();

        // The lead-in frames of a file after a cut are not counted: the durations are those of the stream.
        Assert.Equal([.. expected.Select(i => (i.Name, i.Duration, i.Date, i.SampleRate))], items.Select(i => (i.Name, i.Duration, i.Date, i.SampleRate)).ToList());
        Assert.All(items, i => Assert.Null(i.Source));
    }

    [Fact]
    public async Task A_file_that_was_changed_afterwards_is_measured_anew()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        var source = harness.AddSource(await FrameSupplies.AdtsAsync());
        source.Connect();
        source.Play(20);
        await harness.FinishAsync();
        await using var catalog = Catalog(harness);
        var whole = (await catalog.ListAsync())[0].Duration;

        var path = harness.Files()[0];
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length / 2);
        }

        harness.Advance(1.1);
        var half = (await catalog.ListAsync())[0].Duration;

        Assert.InRange(half!.Value, (whole!.Value / 2) - 0.5, (whole.Value / 2) + 0.5);
    }

    [Fact]
    public async Task Only_what_is_listed_is_found()
    {
        await using var harness = new RecordingHarness("2026-05-23T12:30:00.5Z");
        Directory.CreateDirectory(harness.Folder);
        await File.WriteAllTextAsync(harness.PathOf("no audio.mp3"), "hostile", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(harness.PathOf("20260523_100000_2.mp3"), "hostile", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(harness.PathOf("../secret.mp3"), "secret", TestContext.Current.CancellationToken);
        await using var catalog = Catalog(harness);

        Assert.Null(await catalog.Catalog.FindAsync("../secret.mp3", TestContext.Current.CancellationToken));
        Assert.Null(await catalog.Catalog.FindAsync("./no audio.mp3", TestContext.Current.CancellationToken));
        Assert.Null(await catalog.Catalog.FindAsync("", TestContext.Current.CancellationToken));
        var found = await catalog.Catalog.FindAsync("no audio.mp3", TestContext.Current.CancellationToken);
        Assert.Equal((7, null, null), (found!.Size, found.Duration, found.Source));
        Assert.Equal("2026-05-23 10:00:00", (await catalog.Catalog.FindAsync("20260523_100000_2.mp3", TestContext.Current.CancellationToken))!.Date);
    }

    private static CatalogRig Catalog(RecordingHarness harness) => new(harness.Folder, harness.StateDirectory, harness.Time);
}
