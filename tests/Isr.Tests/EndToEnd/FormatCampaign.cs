using System.Globalization;
using Isr.Commands;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>
/// Minutes of every format from ffmpeg and from liquidsoap, with new titles all the time, and beside it what
/// <c>ffmpeg -f segment</c> makes of the same mounts. Its figures are artifacts/campaign/formats.md.
/// </summary>
public sealed class FormatCampaign
{
    private const int SplitSeconds = 15;
    private const int TitleSeconds = 20;
    private const double EarliestSplit = -0.060;
    private const double LatestSplit = 0.180;

    // liquidsoap's pages of Vorbis come up to this much later than they could; only the one at the end of a title comes
    // in time, and before it nobody can know.
    private const double LiquidsoapVorbisSeconds = 0.250;

    private static readonly TimeSpan s_length = TimeSpan.FromMinutes(3);

    private static readonly Feed[] s_fromFfmpeg =
    [
        new("mp3", "mp3", 128, ".mp3"), new("aac", "adts", 128, ".aac"), new("vorbis", "ogg", 0, ".ogg"), new("opus", "opus", 96, ".opus"),
        new("ogg-flac", "oggflac", 0, ".ogg"), new("flac", "flac", 0, ".flac"),
    ];

    private static readonly (Feed Feed, string Encoder)[] s_fromLiquidsoap =
    [
        (new("lq-mp3", "mp3", 128, ".mp3"), "%mp3(bitrate=128)"),
        (new("lq-vorbis", "ogg", 0, ".ogg"), "%vorbis(quality=0.4)"),
        (new("lq-opus", "opus", 96, ".opus"), "%opus(bitrate=96, samplerate=48000, channels=2)"),
        (new("lq-flac", "oggflac", 0, ".ogg"), "%ogg(%flac(samplerate=44100, channels=2))"),
    ];

    [Fact]
    public async Task All_formats_with_titles_are_kept_whole_for_minutes()
    {
        Assert.SkipUnless(Campaign.IsFull, "Only with ISR_CAMPAIGN=full.");
        Feed[] feeds = [.. s_fromFfmpeg, .. s_fromLiquidsoap.Select(l => l.Feed)];
        using var folder = new ProgramFolder();
        await using var icecast = await IcecastServer.StartAsync();
        await Task.WhenAll(s_fromFfmpeg.Select((feed, i) => icecast.FeedAsync(feed.Mount, feed.Format, feed.Kilobits, seed: i + 1)));
        await using var liquidsoap = await LiquidsoapFeeder.StartAsync(
            icecast, TitleSeconds, [.. s_fromLiquidsoap.Select(l => (l.Feed.Mount, l.Encoder))]);
        var taps = await Task.WhenAll(feeds.Select(feed => RawTap.StartAsync(icecast.Url(feed.Mount))));
        var segmenters = feeds.Select(feed => Segment(folder, icecast, feed)).ToList();
        folder.Configure(SplitSeconds / 60.0, [.. feeds.Select(feed => (feed.Name, icecast.Url(feed.Mount)))]);

        await RecordAsync(folder, icecast);
        foreach (var segmenter in segmenters.Where(s => !s.HasExited))
        {
            segmenter.Signal(Signal.Interrupt);
        }

        foreach (var segmenter in segmenters)
        {
            await segmenter.WaitAsync(TestContext.Current.CancellationToken);
            await segmenter.DisposeAsync();
        }

        foreach (var tap in taps)
        {
            await tap.DisposeAsync();
        }

        // One after the other: the decoded sound of all would need gigabytes.
        var findings = new List<Finding>();
        var rows = new List<string[]>();
        foreach (var (feed, tap) in feeds.Zip(taps))
        {
            var finding = await StreamJudge.FindAsync(folder, feed.Name, feed.Format, tap);
            findings.Add(finding);
            rows.Add([.. Row(finding), .. await SegmentRowAsync(folder, feed, tap)]);
            TestContext.Current.SendDiagnosticMessage(string.Join(" | ", rows[^1]));
        }

        Campaign.WriteTable(
            "formats",
            FormattableString.Invariant($"Splits every {SplitSeconds} s for {s_length.TotalMinutes} minutes, a new title every {TitleSeconds} s"),
            [
                "stream", "files", "files that each program passes", "frames lost", "doubled", "samples lost", "samples that differ (greatest difference)",
                "split error, ms (min, median, max)", "ffmpeg segment: files", "rejected", "samples lost per split",
            ],
            rows);
        Assert.Multiple([.. findings.Select<Finding, Action>(finding => () =>
        {
            finding.IsWhole(finding.Name == "lq-vorbis" ? EarliestSplit - LiquidsoapVorbisSeconds : EarliestSplit, LatestSplit);
            Assert.True(finding.SplitErrors.Count >= 6, $"{finding}");
        })]);
    }

    private static async Task RecordAsync(ProgramFolder folder, IcecastServer icecast)
    {
        using var host = folder.Build(RunParts.Recorder);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var begun = TimeProvider.System.GetTimestamp();
        var titles = 0;
        try
        {
            await Wait.UntilAsync(
                async () =>
                {
                    var passed = TimeProvider.System.GetElapsedTime(begun);
                    if (passed.TotalSeconds > TitleSeconds * (titles + 1))
                    {
                        titles++;
                        await Task.WhenAll(s_fromFfmpeg.Select(feed => icecast.TrySetTitleAsync(feed.Mount, $"Artist - Song {titles}")));
                    }

                    return passed > s_length && IsWellInsideFiles();
                },
                s_length + TimeSpan.FromSeconds(2 * SplitSeconds),
                () => $"{string.Join(' ', folder.Entries<FileClosed>().Select(c => c.File))}");
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>No file has just been begun: mp3val and ffmpeg are not sure that two frames are MP3.</summary>
    private static bool IsWellInsideFiles() =>
        TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0 % SplitSeconds is > SplitSeconds / 3.0 and < SplitSeconds * 2 / 3.0;

    private static string[] Row(Finding finding) => finding.Failure is not null
        ? [finding.Name, $"{finding.Files}", "-", "cannot be read", "-", "-", "-", "-"]
        :
    [
        finding.Name,
        $"{finding.Files}",
        finding.VerdictCounts,
        $"{finding.Comparison.Lost} of {finding.Frames}",
        $"{finding.Comparison.Doubled}",
        $"{finding.SamplesLost}",
        finding.Format == "adts" ? "does not apply" : FormattableString.Invariant($"{finding.SamplesDiffering} of {finding.SamplesCompared} ({finding.GreatestDifference:0.0e+0})"),
        $"{finding.Ms(e => e.Min())} {finding.MedianMs} {finding.Ms(e => e.Max())}",
    ];

    private static Processes Segment(ProgramFolder folder, IcecastServer icecast, Feed feed)
    {
        Directory.CreateDirectory(folder.File("segments", feed.Name));
        return Processes.Start("ffmpeg",
        [
            "-nostdin", "-v", "error", "-i", icecast.Url(feed.Mount).ToString(), "-map", "0:a", "-c", "copy",
            "-f", "segment", "-segment_time", $"{SplitSeconds}", "-segment_atclocktime", "1", folder.File("segments", feed.Name, $"%03d{feed.Extension}"),
        ]);
    }

    /// <summary>Files, how many of them some program rejects, and samples lost per split, counted as the program's own are.</summary>
    private static async Task<string[]> SegmentRowAsync(ProgramFolder folder, Feed feed, RawTap tap)
    {
        List<string> files = [.. Directory.EnumerateFiles(folder.File("segments", feed.Name)).Order(StringComparer.Ordinal)];
        var rejected = 0;
        foreach (var file in files)
        {
            rejected += (await AudioChecks.VerdictsAsync(file)).Any(v => v.Complaint.Length > 0) ? 1 : 0;
        }

        return [$"{files.Count}", $"{rejected}", await LostPerSplitAsync(folder, feed, tap, files)];
    }

    /// <summary>A number, or why there is none: what others write is not held to anything.</summary>
    private static async Task<string> LostPerSplitAsync(ProgramFolder folder, Feed feed, RawTap tap, List<string> files)
    {
        if (feed.Format == "adts")
        {
            return "does not apply";
        }

        try
        {
            var heard = HeardFrames.OfTap(tap.Body, feed.Format);
            if (files.Count < 2)
            {
                return "no splits";
            }

            var frames = files.SelectMany(f => FramesOf(f, feed.Format)).ToList();
            var comparison = AudioChecks.Compare([.. heard.Frames.Select(f => f.Data)], frames);
            var lost = 0L;
            foreach (var run in Enumerable.Range(comparison.First, comparison.Last - comparison.First + 1).GroupBy(place => heard.Frames[place].Run))
            {
                var path = folder.File("segments", $"whole-{run.Key}{feed.Extension}");
                lost += await AudioChecks.CountAsync(await heard.WriteWholeAsync(path, feed.Format, run.First(), run.Count()));
            }

            foreach (var file in files)
            {
                lost -= await AudioChecks.CountAsync(file);
            }

            return ((double)lost / (files.Count - 1)).ToString("0", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            TestContext.Current.SendDiagnosticMessage($"Segments of {feed.Name}: {e.Message}");
            return "not readable";
        }
    }

    /// <summary>The packets or frames as they are: among those of Ogg there may be headers, anywhere.</summary>
    private static List<ReadOnlyMemory<byte>> FramesOf(string path, string format)
    {
        ReadOnlyMemory<byte> file = File.ReadAllBytes(path);
        return format switch
        {
            "mp3" => [.. HeardFrames.OfTap(file[FrameSplitter.Id3v2Length(file.Span)..], format).Frames.Select(f => f.Data)],
            "flac" => [.. HeardFrames.OfTap(file, format).Frames.Select(f => f.Data)],
            "oggflac" => [.. OggSplitter.AnyPackets(file).Where(p => FlacSplitter.TryHeader(p.Span) is not null).Select(p => new ReadOnlyMemory<byte>(FlacSplitter.SoundOf(p)))],
            _ => OggSplitter.AnyPackets(file),
        };
    }

    private sealed record Feed(string Name, string Format, int Kilobits, string Extension)
    {
        public string Mount => "/" + Name;
    }
}
