using Isr.Commands;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The whole program against a real Icecast, beside a listener that does nothing but listen.</summary>
public sealed class RecordingFromIcecastTests
{
    private const double EarliestSplit = -0.060;
    private const double LatestSplit = 0.130;

    private static readonly Feed[] s_mpeg =
    [
        new("mp3-64", "mp3", 64), new("mp3-128", "mp3", 128), new("mp3-320", "mp3", 320), new("vbr", "vbr", 0), new("aac", "adts", 128),
    ];

    private static readonly Feed[] s_formats =
    [
        new("mp3", "mp3", 128), new("aac", "adts", 128), new("vorbis", "ogg", 0), new("opus", "opus", 96), new("ogg-flac", "oggflac", 0),
        new("flac", "flac", 0),
    ];

    [Fact]
    public async Task Every_frame_of_five_stations_is_kept_once_and_cut_on_time()
    {
        var (splitMinutes, fileCount) = Campaign.IsFull ? (0.25, 8) : (0.1, 4);
        await using var icecast = await IcecastServer.StartAsync();

        var findings = await RecordAsync(icecast, s_mpeg, splitMinutes, fileCount, titleEvery: null);

        if (Campaign.IsFull)
        {
            Campaign.WriteTable(
                "splits",
                FormattableString.Invariant($"Splits every {splitMinutes * 60} s: begin of each file against the time in its name"),
                ["source", "files", "frames", "lost", "doubled", "earliest (ms)", "latest (ms)"],
                findings.Select(f => new[]
                {
                    f.Name, $"{f.Files}", $"{f.Frames}", $"{f.Comparison.Lost}", $"{f.Comparison.Doubled}", f.Ms(e => e.Min()), f.Ms(e => e.Max()),
                }));
        }

        Check(findings, fileCount - 1);
    }

    [Fact]
    public async Task Every_frame_of_six_formats_is_kept_once_and_files_joined_are_the_stream()
    {
        await using var icecast = await IcecastServer.StartAsync();

        var findings = await RecordAsync(icecast, s_formats, splitMinutes: 0.1, fileCount: 3, titleEvery: TimeSpan.FromSeconds(4));

        Check(findings, splits: 2);
        Assert.All(findings.Where(f => f.Name is "mp3" or "aac" or "vorbis"), f => Assert.InRange(f.Titles, 3, 8));

        // Icecast makes a logical stream of each title, which must not make files.
        Assert.InRange(findings.Single(f => f.Name == "vorbis").Links, 3, 8);
    }

    private static void Check(IReadOnlyList<Finding> findings, int splits)
    {
        foreach (var finding in findings)
        {
            TestContext.Current.SendDiagnosticMessage(finding.ToString());
        }

        Assert.Multiple([.. findings.Select<Finding, Action>(finding => () =>
        {
            finding.IsWhole(EarliestSplit, LatestSplit);
            Assert.True(finding.SplitErrors.Count >= splits, $"{finding}");
        })]);
    }

    private static async Task<IReadOnlyList<Finding>> RecordAsync(
        IcecastServer icecast, Feed[] feeds, double splitMinutes, int fileCount, TimeSpan? titleEvery)
    {
        using var folder = new ProgramFolder();
        await Task.WhenAll(feeds.Select((feed, i) => icecast.FeedAsync(feed.Mount, feed.Format, feed.Kilobits, seed: i + 1)));
        var taps = await Task.WhenAll(feeds.Select(feed => RawTap.StartAsync(icecast.Url(feed.Mount))));
        folder.Configure(splitMinutes, [.. feeds.Select(feed => (feed.Name, icecast.Url(feed.Mount)))]);
        using var host = folder.Build(RunParts.Recorder);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var titles = 0;
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            await Wait.UntilAsync(
                async () =>
                {
                    if (titleEvery is { } every && TimeProvider.System.GetElapsedTime(begun) > every * (titles + 1))
                    {
                        titles++;
                        await Task.WhenAll(feeds.Select(feed => icecast.TrySetTitleAsync(feed.Mount, $"Artist - Song {titles}")));
                    }

                    return feeds.All(feed => HasRecorded(folder, feed, fileCount));
                },
                TimeSpan.FromMinutes(splitMinutes * (fileCount + 2) + 0.5),
                () => $"closed: {string.Join(' ', folder.Entries<FileClosed>().Select(c => c.File))}");
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }

        foreach (var tap in taps)
        {
            await tap.DisposeAsync();
        }

        return await Task.WhenAll(feeds.Zip(taps).Select(pair => StreamJudge.JudgeAsync(folder, pair.First.Name, pair.First.Format, pair.Second)));
    }

    /// <summary>So many files are closed, and the next has some sound: of two frames ffmpeg would not be sure that they are MP3.</summary>
    private static bool HasRecorded(ProgramFolder folder, Feed feed, int fileCount)
    {
        var opened = folder.Entries<FileOpened>().Where(o => o.Source == feed.Name).ToList();
        var closed = folder.Entries<FileClosed>().Count(c => c.Source == feed.Name);
        return closed >= fileCount && opened.Count > closed && new FileInfo(folder.File("recordings", opened[^1].File)).Length > 12_000;
    }

    private sealed record Feed(string Name, string Format, int Kilobits)
    {
        public string Mount => "/" + Name;
    }
}
