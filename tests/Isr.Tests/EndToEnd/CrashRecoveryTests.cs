using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The built program, killed while it records, and what the next start makes of what was left.</summary>
public sealed class CrashRecoveryTests
{
    private static readonly (string Name, string Format, int Kilobits)[] s_feeds =
        [("mp3", "mp3", 128), ("aac", "adts", 128), ("vorbis", "ogg", 0), ("opus", "opus", 96), ("ogg-flac", "oggflac", 0), ("flac", "flac", 0)];

    [Fact]
    public async Task The_start_after_a_kill_finishes_the_files_of_six_formats()
    {
        await using var icecast = await IcecastServer.StartAsync();
        await Task.WhenAll(s_feeds.Select((feed, i) => icecast.FeedAsync("/" + feed.Name, feed.Format, feed.Kilobits, seed: i + 1)));
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, [.. s_feeds.Select(feed => (feed.Name, icecast.Url("/" + feed.Name)))]);
        await using (var killed = IsrProgram.Start(folder, ["record"]))
        {
            await killed.UntilRecordingAsync(folder, s_feeds.Length);
            await Wait.UntilAsync(() => folder.Entries<FileOpened>().Count == s_feeds.Length, TimeSpan.FromSeconds(10), "Not all files are in the journal.");
            killed.Kill();
            await killed.WaitAsync(TimeSpan.FromSeconds(20));
        }

        var old = folder.Files();
        await using (var next = IsrProgram.Start(folder, ["record"]))
        {
            await next.UntilRecordingAsync(folder, 2 * s_feeds.Length);
            await Wait.UntilAsync(
                () => folder.Entries<RecoveryFinished>().Count > 0 && folder.Entries<GapFound>().Count + folder.Entries<GapHealed>().Count >= s_feeds.Length,
                TimeSpan.FromSeconds(20),
                () => $"{next.Errors}\n{string.Join('\n', folder.Journal())}");
            Assert.Equal(0, (await next.EndAsync(Signal.Terminate)).Result.ExitCode);
        }

        Assert.Single(folder.Entries<ProgramKilled>());
        Assert.Equal(s_feeds.Length, Assert.Single(folder.Entries<RecoveryFinished>()).Files);
        Assert.Contains(folder.Entries<FileMended>(), mended => mended.File.EndsWith(".opus", StringComparison.Ordinal));
        var closed = folder.Entries<FileClosed>().Where(c => c.How == GapCause.Killed).ToList();
        Assert.Equal(old, closed.Select(c => folder.File("recordings", c.File)).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(closed, c => Assert.Equal(new FileInfo(folder.File("recordings", c.File)).Length, c.Bytes));
        Assert.Equal(2 * s_feeds.Length, folder.Entries<FileSealed>().Count);

        // The burst covers the time that the start takes, but with FLAC there is hardly any.
        Assert.Equal(["aac", "mp3", "opus", "vorbis"], folder.Entries<GapHealed>().Select(h => h.Source).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(folder.Entries<GapHealed>(), healed => Assert.Equal(GapCause.Killed, healed.Cause));
        Assert.All(s_feeds.Where(feed => feed.Name.EndsWith("flac", StringComparison.Ordinal)), feed =>
        {
            var gap = Assert.Single(folder.Entries<GapFound>(), gap => gap.Source == feed.Name);
            Assert.Equal((GapCause.Killed, closed.Single(c => c.Source == feed.Name).End), (gap.Cause, gap.From));
            Assert.StartsWith("the program was not running from ", gap.Sentence, StringComparison.Ordinal);
        });
        await AudioChecks.PassesAllAsync(folder.Files());

        // By hand there is nothing left to do.
        var before = folder.Files().ConvertAll(file => (file, File.GetLastWriteTimeUtc(file)));
        var repair = await IsrProgram.RunAsync(folder, "repair", "recordings");
        Assert.Equal((0, $"{before.Count} files read, 0 mended, 0 that cannot be.\n"), (repair.ExitCode, repair.Text));
        Assert.Equal(before, folder.Files().ConvertAll(file => (file, File.GetLastWriteTimeUtc(file))));
    }
}
