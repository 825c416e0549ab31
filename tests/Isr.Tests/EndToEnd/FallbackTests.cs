using Isr.Commands;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>
/// A mount loses its encoder and Icecast moves its listeners to another mount: the connection stays, and what comes
/// goes over to another encoder's stream, for MP3 in the middle of a frame.
/// </summary>
[SideBySide]
public sealed class FallbackTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("mp3", "mono48", GapCause.Format, 44_100, 48_000)]
    [InlineData("ogg", "ogg", GapCause.Link, 44_100, 44_100)]
    [InlineData("opus", "opus", GapCause.Link, 48_000, 48_000)]
    [InlineData("ogg", "opus", GapCause.Format, 44_100, 48_000)]
    public async Task A_fallback_begins_a_new_file_and_both_are_whole(string format, string spareFormat, string how, int rate, int spareRate)
    {
        await using var icecast = await IcecastServer.StartAsync(mounts: new IcecastMount("/main") { Fallback = "/spare" });
        await icecast.FeedAsync("/spare", spareFormat, seed: 2);
        var feeder = await icecast.FeedAsync("/main", format, seed: 1);
        await using var mainTap = await RawTap.StartAsync(icecast.Url("/main"));
        await using var spareTap = await RawTap.StartAsync(icecast.Url("/spare"));
        using var folder = new ProgramFolder();
        folder.Configure(24 * 60, ("radio", icecast.Url("/main")));
        using var host = folder.Build(RunParts.Recorder);

        await host.StartAsync(TestContext.Current.CancellationToken);
        await UntilRecordedAsync(folder, files: 1, seconds: 5);
        feeder.Kill();
        var heardBefore = mainTap.Length;
        await UntilRecordedAsync(folder, files: 2, seconds: 5);
        await host.StopAsync(CancellationToken.None);
        await spareTap.DisposeAsync();

        var closed = folder.Entries<FileClosed>();
        Assert.Equal($"{how} {GapCause.Stopped}", string.Join(' ', closed.Select(c => c.How)));
        Assert.Equal([rate, spareRate], folder.Entries<FileOpened>().Select(o => o.SampleRate));
        Assert.Single(folder.Entries<SourceConnected>());
        Assert.DoesNotContain(folder.Entries<SourceDisconnected>(), d => d.Cause != GapCause.Stopped);
        var paths = folder.Entries<FileOpened>().ConvertAll(o => folder.File("recordings", o.File));
        await AudioChecks.PassesAllAsync(paths);

        // What was in Icecast's queue when the encoder died comes still, and is not in the tap's part from before.
        var sent = HeardFrames.OfTap(mainTap.Body.AsMemory(0, (int)heardBefore), format);
        var first = Compare(sent, paths[0]);
        Assert.Equal((0, 0, 0), (first.Lost, first.Doubled, first.Disordered));
        Assert.Equal(sent.Frames.Count - 1, first.Last);
        var second = Compare(HeardFrames.OfTap(spareTap.Body, spareFormat, spareRate), paths[1]);
        second.IsWhole();
    }

    private static FrameComparison Compare(HeardFrames heard, string path) =>
        AudioChecks.Compare([.. heard.Frames.Select(f => f.Data)], [.. HeardFrames.OfFile(path).Frames.Select(f => f.Data)]);

    /// <summary>The source has that many files, and the newest has sound of so many seconds on the disk, or 10,000 bytes for each.</summary>
    private static Task UntilRecordedAsync(ProgramFolder folder, int files, int seconds) => Wait.UntilAsync(
        () => folder.Entries<FileOpened>() is var opened && opened.Count >= files
            && new FileInfo(folder.File("recordings", opened[^1].File)).Length > seconds * 8_000,
        s_patience,
        () => $"{string.Join('\n', folder.Journal())}");
}
