using System.Globalization;
using Isr.Audio;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>Holds what was recorded of a source against a tap of the same stream.</summary>
internal static class StreamJudge
{
    // mp3val and ffmpeg do not believe that a file of so few frames is MP3 or AAC, whatever is in it. A burst that reaches
    // back over a boundary by a moment makes one.
    private const int FewFrames = 20;

    /// <summary>What a later Opus file repeats of the one before: 320 ms, after which a decoder has forgotten that it began cold.</summary>
    private const int OpusLeadInSamples = 15_360;

    /// <summary>As <see cref="JudgeAsync"/>, but a file or a tap that cannot be read is a finding too, so that others are judged still.</summary>
    public static async Task<Finding> FindAsync(ProgramFolder folder, string source, string format, RawTap tap)
    {
        try
        {
            return await JudgeAsync(folder, source, format, tap);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var files = folder.Entries<FileClosed>().Count(c => c.Source == source);
            return new Finding(source, format, files, 0, new FrameComparison(-1, -1, 0, 0, 0, 0)) { Failure = e.Message };
        }
    }

    /// <param name="folder">Where the program ran; it has stopped.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="format">A format of <see cref="TestAudio.Codec"/>.</param>
    /// <param name="tap">Of the same mount, begun before the recording; it has ended.</param>
    public static async Task<Finding> JudgeAsync(ProgramFolder folder, string source, string format, RawTap tap)
    {
        var heard = HeardFrames.OfTap(tap.Body, format);
        var files = ReadFiles(folder, source);
        var own = files.SelectMany(f => f.Own).ToList();
        var comparison = AudioChecks.Compare([.. heard.Frames.Select(f => f.Data)], [.. own.Select(f => f.Data)]);

        // Later checks count on every frame being in its place; what is lost or doubled is told before.
        if (comparison.Last - comparison.First + 1 != own.Count || comparison.Foreign > 0)
        {
            return new Finding(source, format, files.Count, own.Count, comparison);
        }

        var places = new List<int>();
        foreach (var file in files)
        {
            places.Add(places.Count == 0 ? comparison.First : places[^1] + files[places.Count - 1].Own.Count);
        }

        var truth = new TrueTime(tap, heard.Frames, TimeProvider.System);
        var errors = files.Zip(places).Skip(1)
            .Where((_, i) => files[i].How == GapCause.Split)
            .Select(f => (truth.StartOf(f.Second) - NamedTime(f.First.Path)).TotalSeconds);
        var verdicts = await AudioChecks.VerdictsAsync(files.Where(f => f.Own.Count >= FewFrames || format is not ("mp3" or "vbr" or "adts")).Select(f => f.Path));
        var finding = new Finding(source, format, files.Count, own.Count, comparison)
        {
            SplitErrors = [.. errors],
            Verdicts = verdicts,
            Links = heard.Links,
            Titles = folder.Entries<TitleHeard>().Count(t => t.Source == source),
        };
        return format == "adts" ? finding : await WithSoundAsync(finding, folder, heard, files, places);
    }

    /// <summary>The files of one source, in order, each held against the one before it.</summary>
    private static List<RecordedFile> ReadFiles(ProgramFolder folder, string source)
    {
        var opened = folder.Entries<FileOpened>().Where(o => o.Source == source).ToList();
        var closed = folder.Entries<FileClosed>().Where(c => c.Source == source).ToDictionary(c => c.File, StringComparer.Ordinal);
        Assert.Equal(opened.Count, closed.Count);
        Assert.Equal(
            opened.Select(o => folder.File("recordings", o.File)).Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(folder.File("recordings", source)).Order(StringComparer.Ordinal));

        var files = new List<RecordedFile>();
        var sameRun = new List<HeardFrame>();
        foreach (var file in opened)
        {
            var path = folder.File("recordings", file.File);
            var (frames, leadIn, link) = HeardFrames.OfFile(path);
            var follows = files.Count > 0 && files[^1].How == GapCause.Split;
            if (!follows)
            {
                // What the pre-skip covers here is what the link itself began with, in no file before.
                sameRun.Clear();
                leadIn = 0;
            }
            else if (link is not null)
            {
                leadIn = CheckLeadIn(path, frames, leadIn, link, sameRun);
            }

            Assert.True(link is null || files.All(f => f.Link!.Serial != link.Serial), $"{path} has the serial of another file.");
            List<HeardFrame> own = [.. frames.Skip(leadIn)];
            sameRun.AddRange(own);
            files.Add(new RecordedFile(path, closed[file.File].How, own, link));
        }

        return files;
    }

    /// <summary>How many packets at the start of a later file are repeated, and that they are those before it.</summary>
    private static int CheckLeadIn(string path, IReadOnlyList<HeardFrame> frames, int leadIn, OggLink link, List<HeardFrame> before)
    {
        leadIn = link.Coding.Codec == AudioCodec.Vorbis ? 1 : leadIn;
        Assert.True(before.Count >= leadIn, $"{path} repeats {leadIn} packets, of {before.Count}.");
        for (var i = 0; i < leadIn; i++)
        {
            var same = frames[i].Original.Span.SequenceEqual(before[before.Count - leadIn + i].Original.Span);
            Assert.True(same, $"Packet {i} of {path} is not what the stream had {leadIn - i} packets before it.");
        }

        if (link.Coding.Codec == AudioCodec.Opus)
        {
            var samples = frames.Take(leadIn).Sum(f => f.Samples);
            Assert.True(samples >= OpusLeadInSamples || leadIn == before.Count, $"{path} repeats {samples} samples only.");
        }

        return leadIn;
    }

    /// <summary>Decodes all files alone, joined, and each run of the tapped stream as one, and compares.</summary>
    private static async Task<Finding> WithSoundAsync(
        Finding finding, ProgramFolder folder, HeardFrames heard, List<RecordedFile> files, List<int> places)
    {
        long lost = 0, differing = 0, compared = 0;
        var greatest = 0f;
        foreach (var run in files.Zip(places).GroupBy(f => heard.Frames[f.Second].Run))
        {
            var first = run.First().Second;
            var count = run.Sum(f => f.First.Own.Count);
            var name = $"{finding.Name}-{run.Key}{Path.GetExtension(files[0].Path)}";
            var whole = await AudioChecks.DecodeAsync(await heard.WriteWholeAsync(folder.File(name), finding.Format, first, count));
            var joined = new List<float>(whole.Length);
            foreach (var part in await AudioChecks.DecodeAsync([.. run.Select(f => f.First.Path)]))
            {
                joined.AddRange(part);
            }

            lost += (whole.Length - joined.Count) / 2;
            for (var i = 0; i < Math.Min(whole.Length, joined.Count); i += 2)
            {
                var difference = Math.Max(Math.Abs(whole[i] - joined[i]), Math.Abs(whole[i + 1] - joined[i + 1]));
                differing += difference > 0 ? 1 : 0;
                greatest = Math.Max(greatest, difference);
                compared++;
            }
        }

        return finding with { SamplesLost = lost, SamplesCompared = compared, SamplesDiffering = differing, GreatestDifference = greatest };
    }

    private static DateTimeOffset NamedTime(string path)
    {
        var local = DateTime.ParseExact(Path.GetFileNameWithoutExtension(path), "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
        return new DateTimeOffset(local, TimeProvider.System.LocalTimeZone.GetUtcOffset(local));
    }

    private sealed record RecordedFile(string Path, string How, IReadOnlyList<HeardFrame> Own, OggLink? Link);
}

/// <summary>What became of one source.</summary>
internal sealed record Finding(string Name, string Format, int Files, int Frames, FrameComparison Comparison)
{
    /// <summary>1 LSB of 16 bits: Opus files begin with a decoder that is warm, but not the same.</summary>
    private const float OpusTolerance = 1 / 32768f;

    /// <summary>
    /// Pages of Vorbis that Icecast passes on differ in length, up to a second: how long sound waits in them shows only when a
    /// short one has come, so the first split after a start may be this much earlier. 139 ms were seen.
    /// </summary>
    private const double VorbisPageSeconds = 0.2;

    /// <summary>
    /// Icecast passes native FLAC on in blocks of 1,400 bytes, so that the end of a frame waits for the next frame but where
    /// a block happens to end with it: once in minutes, and only then it shows that all sound is a frame earlier.
    /// </summary>
    private const double FlacFrameSeconds = 4608 / 44100.0;

    /// <summary>Why it could not be judged.</summary>
    public string? Failure { get; init; }

    /// <summary>Seconds from the time in the name to the first sample, of files that a split began.</summary>
    public IReadOnlyList<double> SplitErrors { get; init; } = [];

    public IReadOnlyList<Verdict> Verdicts { get; init; } = [];

    /// <summary>Logical streams of Ogg in the tap.</summary>
    public int Links { get; init; }

    /// <summary>Titles in the journal.</summary>
    public int Titles { get; init; }

    /// <summary>Decoded as one, but not when the files are decoded alone; less than 0: decoded twice.</summary>
    public long SamplesLost { get; init; }

    public long SamplesCompared { get; init; }

    public long SamplesDiffering { get; init; }

    public float GreatestDifference { get; init; }

    public string Ms(Func<IReadOnlyList<double>, double> choose) =>
        SplitErrors.Count == 0 ? "-" : (choose(SplitErrors) * 1000).ToString("0", CultureInfo.InvariantCulture);

    public string MedianMs => Ms(errors => errors.Order().ElementAt(errors.Count / 2));

    /// <summary>Each program and how many files it found nothing wrong with.</summary>
    public string VerdictCounts => string.Join(", ", Verdicts
        .GroupBy(v => v.Program, StringComparer.Ordinal)
        .Select(g => $"{g.Key} {g.Count(v => v.Complaint.Length == 0)}/{g.Count()}"));

    public override string ToString() => Failure is not null ? $"{Name}: {Failure}" : FormattableString.Invariant(
        $"{Name}: {Files} files, {Frames} frames, {Comparison}; {SamplesLost} of {SamplesCompared} samples lost, {SamplesDiffering} differ by {GreatestDifference} at most; split errors {Ms(e => e.Min())} {MedianMs} {Ms(e => e.Max())} ms; {Links} links, {Titles} titles; {VerdictCounts}");

    /// <summary>Fails unless all of the stream is there once, sounds as it should and every file passes everything.</summary>
    public void IsWhole(double earliestSplit, double latestSplit)
    {
        Assert.True(Failure is null, $"{this}");
        Assert.True(Comparison is { Lost: 0, Doubled: 0, Foreign: 0, Disordered: 0 }, $"{this}");
        Assert.All(Verdicts, verdict => Assert.True(verdict.Complaint.Length == 0, $"{Name}: {verdict}"));
        Assert.True(SamplesLost == 0, $"{this}");
        Assert.True(Format == "opus" ? GreatestDifference < OpusTolerance : SamplesDiffering == 0, $"{this}");
        earliestSplit -= Format switch { "ogg" => VorbisPageSeconds, "flac" => FlacFrameSeconds, _ => 0 };
        Assert.All(SplitErrors, error => Assert.True(
            error >= earliestSplit && error <= latestSplit, FormattableString.Invariant($"{Name} was cut {error * 1000:0} ms after the time in the name")));
    }
}
