using System.Globalization;
using Isr.Commands;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The whole program against a real Icecast, beside a listener that does nothing but listen.</summary>
public sealed class RecordingFromIcecastTests
{
    private const double EarliestSplit = -0.060;
    private const double LatestSplit = 0.130;

    private static readonly Feed[] s_feeds =
    [
        new("mp3-64", "mp3", 64), new("mp3-128", "mp3", 128), new("mp3-320", "mp3", 320), new("vbr", "vbr", 0), new("aac", "adts", 128),
    ];

    [Fact]
    public async Task Every_frame_of_five_stations_is_kept_once_and_cut_on_time()
    {
        var (splitMinutes, fileCount) = Campaign.IsFull ? (0.25, 8) : (0.1, 4);
        using var folder = new ProgramFolder();
        await using var icecast = await IcecastServer.StartAsync();
        await Task.WhenAll(s_feeds.Select((feed, i) => icecast.FeedAsync(feed.Mount, feed.Format, feed.Kilobits, seed: i + 1)));
        var taps = await Task.WhenAll(s_feeds.Select(feed => RawTap.StartAsync(icecast.Url(feed.Mount))));
        folder.Configure(splitMinutes, [.. s_feeds.Select(feed => (feed.Name, icecast.Url(feed.Mount)))]);

        await RecordAsync(folder, fileCount, TimeSpan.FromMinutes(splitMinutes * (fileCount + 2) + 0.5));
        foreach (var tap in taps)
        {
            await tap.DisposeAsync();
        }

        var findings = await Task.WhenAll(s_feeds.Zip(taps).Select(pair => JudgeAsync(folder, pair.First, pair.Second)));
        if (Campaign.IsFull)
        {
            Campaign.WriteTable(
                "splits",
                FormattableString.Invariant($"Splits every {splitMinutes * 60} s: begin of each file against the time in its name"),
                ["source", "files", "frames", "lost", "doubled", "earliest (ms)", "latest (ms)"],
                findings.Select(f => f.Row));
        }

        foreach (var finding in findings)
        {
            TestContext.Current.SendDiagnosticMessage(string.Join(' ', finding.Row));
            finding.Comparison.IsWhole();
            Assert.All(finding.SplitErrors, error => Assert.True(error is >= EarliestSplit and <= LatestSplit, $"{finding.Name} was cut {error * 1000:0} ms after the time in the name"));
            Assert.True(finding.SplitErrors.Count >= fileCount - 1);
        }
    }

    private static async Task RecordAsync(ProgramFolder folder, int fileCount, TimeSpan patience)
    {
        using var host = folder.Build(RunParts.Recorder);
        await host.StartAsync(TestContext.Current.CancellationToken);
        try
        {
            await Wait.UntilAsync(
                () => s_feeds.All(feed => folder.Entries<FileClosed>().Count(c => c.Source == feed.Name) >= fileCount),
                patience,
                () => $"closed: {string.Join(' ', folder.Entries<FileClosed>().Select(c => c.File))}");
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<Finding> JudgeAsync(ProgramFolder folder, Feed feed, RawTap tap)
    {
        var opened = folder.Entries<FileOpened>().Where(o => o.Source == feed.Name).ToList();
        var paths = opened.ConvertAll(o => folder.File("recordings", o.File));
        Assert.Equal(opened.Count, folder.Entries<FileClosed>().Count(c => c.Source == feed.Name));
        Assert.Equal(paths.Order(StringComparer.Ordinal), Directory.EnumerateFiles(folder.File("recordings", feed.Name)).Order(StringComparer.Ordinal));

        var truth = new TrueTime(tap, feed.IsMp3, TimeProvider.System);
        var frames = paths.ConvertAll(RecordingHarness.FramesOf);
        await CheckSoundAsync(folder, feed, paths, [.. frames.SelectMany(f => f)]);

        // The first file begins when recording does, not at a boundary.
        var errors = paths.Zip(frames).Skip(1).Select(p => (truth.StartOf(p.Second[0]) - NamedTime(p.First)).TotalSeconds).ToList();
        return new Finding(feed.Name, paths.Count, frames.Sum(f => f.Count), AudioChecks.Compare(truth.Frames, [.. frames.SelectMany(f => f)]), errors);
    }

    /// <summary>Each file plays by itself, and MP3 files played one after the other are the stream.</summary>
    private static async Task CheckSoundAsync(ProgramFolder folder, Feed feed, List<string> paths, List<ReadOnlyMemory<byte>> frames)
    {
        foreach (var path in paths)
        {
            await AudioChecks.DecodesSilentlyAsync(path);
            if (feed.IsMp3)
            {
                await AudioChecks.PassesMp3valAsync(path);
            }
        }

        if (feed.IsMp3)
        {
            var whole = folder.File(feed.Name + ".mp3");
            await File.WriteAllBytesAsync(whole, [.. frames.SelectMany(f => f.ToArray())], TestContext.Current.CancellationToken);
            var expected = await AudioChecks.Decode16Async(whole);
            var joined = new List<short>();
            foreach (var path in paths)
            {
                joined.AddRange(await AudioChecks.Decode16Async(path));
            }

            Assert.Equal(expected.Length, joined.Count);
            Assert.Equal(-1, FirstDifference(expected, [.. joined]));
        }
    }

    private static int FirstDifference(short[] expected, short[] actual) =>
        expected.AsSpan().CommonPrefixLength(actual) is var same && same == expected.Length ? -1 : same;

    private static DateTimeOffset NamedTime(string path)
    {
        var local = DateTime.ParseExact(Path.GetFileNameWithoutExtension(path), "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
        return new DateTimeOffset(local, TimeProvider.System.LocalTimeZone.GetUtcOffset(local));
    }

    private sealed record Feed(string Name, string Format, int Kilobits)
    {
        public string Mount => "/" + Name;

        public bool IsMp3 => Format != "adts";
    }

    private sealed record Finding(string Name, int Files, int Frames, FrameComparison Comparison, IReadOnlyList<double> SplitErrors)
    {
        public string[] Row =>
        [
            Name, $"{Files}", $"{Frames}", $"{Comparison.Lost}", $"{Comparison.Doubled}",
            (SplitErrors.Min() * 1000).ToString("0", CultureInfo.InvariantCulture), (SplitErrors.Max() * 1000).ToString("0", CultureInfo.InvariantCulture),
        ];
    }
}
