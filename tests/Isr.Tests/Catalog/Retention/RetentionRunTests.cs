using Isr.Analysis;
using Isr.Catalog;
using Isr.Catalog.Keeping;
using Isr.Catalog.Retention;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Catalog.Retention;

public sealed class RetentionRunTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly TimeProvider _time = TimeProvider.System;

    private string Folder => _directory.File("rec");

    private KeepingOptions Options => new(Folder, _directory.File("state"));

    private AnalysisOptions Levels => new(Folder, _directory.File("levels"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_disk_that_is_short_gets_its_room_and_nothing_more_goes()
    {
        await using var disk = await SmallDisk.MountAsync(Folder, 4000);
        for (var day = 0; day < 6; day++)
        {
            Write($"{day}.mp3", 20 - day, 500_000);
        }

        Write(".trash/t.mp3", 2, 500_000);
        Mark("0.mp3", isProtected: true, label: null);
        Mark("1.mp3", isProtected: false, label: "siren");
        Mark("2.mp3", isProtected: false, label: null);
        Directory.CreateDirectory(Levels.LevelDirectory);
        await File.WriteAllTextAsync(Path.Combine(Levels.LevelDirectory, "2.mp3.levels"), "", TestContext.Current.CancellationToken);
        var free = new DriveInfo(Folder).AvailableFreeSpace;

        // Room for two and a half more: the trash, and the two oldest that nobody keeps.
        var (answer, journal) = await RunAsync(new KeepLimits(null, null, free + 1_250_000));

        Assert.Equal((KeepStatus.Done, 3, 1_500_000), (answer.Status, answer.Count, answer.Bytes));
        Assert.Equal(["0.mp3", "1.mp3", "4.mp3", "5.mp3"], [.. Names()]);
        Assert.InRange(new DriveInfo(Folder).AvailableFreeSpace, free + 1_250_000, long.MaxValue);
        Assert.Equal(["t.mp3", "2.mp3", "3.mp3"], [.. journal.Cast<FilePurged>().Select(e => e.File)]);
        Assert.All(journal.Cast<FilePurged>(), e => Assert.Equal(("retention", "keep_free_gb"), (e.By, e.Why)));
        Assert.Empty(Directory.GetFiles(Levels.LevelDirectory));
    }

    [Fact]
    public async Task Nothing_goes_while_the_clock_is_in_doubt()
    {
        Write("old.mp3", 100, 10);
        var limits = new KeepLimits(TimeSpan.FromDays(30), null, null);

        Assert.Equal(KeepStatus.Conflict, (await RunAsync(limits, ClockState.Unsynchronised)).Answer.Status);

        var ahead = _time.GetUtcNow().AddHours(1);
        JournalFiles.Append(
            Options.StateDirectory,
            new FileOpened("x", "new.mp3", ahead.AddMinutes(-10), "Mpeg", 44100, 2, null) { At = ahead },
            new FileClosed("x", "new.mp3", ahead, 1, 1, "split") { At = ahead });
        var (answer, _) = await RunAsync(limits);
        Assert.Contains("new.mp3 lies in the future", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal(["old.mp3"], [.. Names()]);

        File.Delete(JournalReader.Days(Options.StateDirectory)[0]);
        Assert.Equal(1, (await RunAsync(limits)).Answer.Count);
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Nothing_goes_that_lies_behind_a_link()
    {
        Write("old.mp3", 100, 10);
        foreach (var name in (string[])["../others/song.mp3", "../music/song2.mp3"])
        {
            Write(name, 1000, 10);
        }

        Directory.CreateSymbolicLink(Path.Combine(Folder, ".trash"), _directory.File("others"));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "music"), _directory.File("music"));
        File.CreateSymbolicLink(Path.Combine(Folder, "link.mp3"), _directory.File("music", "song2.mp3"));

        var (answer, _) = await RunAsync(new KeepLimits(TimeSpan.FromDays(1), 1, long.MaxValue / 4));

        Assert.Equal(1, answer.Count);
        Assert.Equal(["link.mp3"], [.. Names()]);
        Assert.True(File.Exists(_directory.File("others", "song.mp3")) && File.Exists(_directory.File("music", "song2.mp3")));
    }

    [Fact]
    public async Task An_unmounted_folder_costs_neither_recordings_nor_levels()
    {
        Write("old.mp3", 100, 10);
        new RecordingsMarker(Options).Make();
        Directory.CreateDirectory(Levels.LevelDirectory);
        foreach (var (name, days) in new[] { ("old.mp3", 100), ("gone.mp3", 100), ("young.mp3", 1) })
        {
            var levels = Path.Combine(Levels.LevelDirectory, name + ".levels");
            await File.WriteAllTextAsync(levels, "", TestContext.Current.CancellationToken);
            File.SetLastWriteTimeUtc(levels, _time.GetUtcNow().UtcDateTime.AddDays(-days));
        }

        var orphans = new LevelOrphans(Options, Levels, new RecordingsMarker(Options), _time);
        Directory.Move(Folder, _directory.File("disk"));
        Write("other.mp3", 100, 10);
        var (answer, _) = await RunAsync(new KeepLimits(TimeSpan.FromDays(30), null, null));
        Assert.Contains("is its disk mounted?", answer.Sentence, StringComparison.Ordinal);
        Assert.Equal(["other.mp3"], [.. Names()]);
        Assert.Equal(0, await orphans.RemoveAsync(TestContext.Current.CancellationToken));

        Directory.Delete(Folder, recursive: true);
        Directory.Move(_directory.File("disk"), Folder);
        Assert.Equal(1, await orphans.RemoveAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["old.mp3.levels", "young.mp3.levels"], [.. Directory.GetFiles(Levels.LevelDirectory).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)]);
        Assert.Equal(1, (await RunAsync(new KeepLimits(TimeSpan.FromDays(30), null, null))).Answer.Count);
    }

    private void Write(string name, int days, int bytes)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[bytes]);
        File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime.AddDays(-days));
    }

    private void Mark(string file, bool isProtected, string? label) => new MarkStore(Options).Append(
        new MarkChange([new Mark { Id = file.Replace('.', '-'), File = file, Protected = isProtected, Label = label }], []));

    private IEnumerable<string> Names() => Directory.GetFiles(Folder, "*.mp3").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal);

    private async Task<(KeepAnswer Answer, List<JournalEntry> Journal)> RunAsync(KeepLimits limits, ClockState clock = ClockState.Synchronised)
    {
        var (marks, trash, active, marker) = (new MarkStore(Options), new TrashFolder(Options, _time), new ActiveFiles(Folder, _time), new RecordingsMarker(Options));
        var journal = new List<JournalEntry>();
        var keeper = new Keeper(Options, trash, marks, new LabelStore(Options, NullLogger<LabelStore>.Instance), new WrittenFiles(Options, active), new LevelStore(Levels), journal.Add);
        var survey = new RetentionSurvey(Options, new RetentionOptions(limits, new Dictionary<string, KeepLimits>(StringComparer.Ordinal)), marks, trash, active, marker, _time);
        Directory.CreateDirectory(Options.StateDirectory);
        marker.Make();
        using var run = new RetentionRun(survey, keeper, marker, _time, NullLogger<RetentionRun>.Instance);
        return (await run.RunAsync(clock, TestContext.Current.CancellationToken), journal);
    }
}
