using System.Buffers;
using System.Globalization;
using Isr.Audio;
using Isr.Audio.Mpeg;
using Isr.Recording.Journal;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>What became of one source's stream: its files, held against a tap of the same stream.</summary>
internal sealed record SplitVerdict
{
    public required string Source { get; init; }

    public required int Files { get; init; }

    /// <summary>Files in which mp3val finds nothing; null for what is no MP3.</summary>
    public required int? Mp3valSilent { get; init; }

    public required int FfmpegSilent { get; init; }

    public required int Frames { get; init; }

    public required int Lost { get; init; }

    public required int Doubled { get; init; }

    /// <summary>Recorded, never sent, or out of order.</summary>
    public required int Foreign { get; init; }

    /// <summary>
    /// Samples in which the files, decoded one by one and joined, differ from the stream decoded as one. Null for
    /// AAC: its decoder fills noise in by chance, each time anew.
    /// </summary>
    public required long? DifferingSamples { get; init; }

    /// <summary>Milliseconds from the boundary to the true beginning of each file that a split began.</summary>
    public required IReadOnlyList<double> SplitErrors { get; init; }

    public required double FrameMilliseconds { get; init; }

    private bool IsMp3 => Mp3valSilent is not null;

    public static async Task<SplitVerdict> JudgeAsync(RunningProgram program, string source, RawTap tap)
    {
        var files = program.FilesOf(source);
        var isMp3 = files[0].File.EndsWith(".mp3", StringComparison.Ordinal);
        var paths = files.Select(program.PathOf).ToList();
        var frames = paths.ConvertAll(path => isMp3 ? Mp3Frames(path) : AdtsFrames(path));
        var joined = frames.SelectMany(f => f).ToList();
        var body = tap.Body;
        var sent = isMp3 ? FrameSplitter.Mp3FromMiddle(body) : FrameSplitter.AdtsFromMiddle(body);
        var comparison = AudioChecks.Compare(sent, joined);
        var perFrame = (isMp3 ? 1152 : 1024) / 44100.0;

        return new SplitVerdict
        {
            Source = source,
            Files = files.Count,
            Mp3valSilent = isMp3 ? await CountAsync(paths, AudioChecks.PassesMp3valAsync) : null,
            FfmpegSilent = await CountAsync(paths, AudioChecks.DecodesSilentlyAsync),
            Frames = joined.Count,
            Lost = comparison.Lost,
            Doubled = comparison.Doubled,
            Foreign = comparison.Foreign + comparison.Disordered,
            DifferingSamples = isMp3 ? await DifferAsync(program.Folder, paths, joined) : null,
            SplitErrors = Errors(program, source, files, frames, sent, tap, perFrame),
            FrameMilliseconds = perFrame * 1000,
        };
    }

    /// <summary>Fails unless nothing is wrong with it.</summary>
    public void IsPerfect()
    {
        Assert.Equal(IsMp3 ? Files : null, Mp3valSilent);
        Assert.Equal(Files, FfmpegSilent);
        Assert.Equal((0, 0, 0), (Lost, Doubled, Foreign));
        Assert.Equal(IsMp3 ? 0 : null, DifferingSamples);
        Assert.All(SplitErrors, e => Assert.InRange(e, -30, FrameMilliseconds + 100));
    }

    public static string Table(IEnumerable<SplitVerdict> verdicts)
    {
        var rows = verdicts.Select(v => string.Create(
            CultureInfo.InvariantCulture,
            $"| {v.Source} | {v.Files} | {(v.Mp3valSilent is { } n ? $"{n} of {v.Files}" : "-")} | {v.FfmpegSilent} of {v.Files} | {v.Frames} | {v.Lost} | {v.Doubled} | {v.DifferingSamples?.ToString(CultureInfo.InvariantCulture) ?? "-"} | {v.SplitErrors.Min():0.0} / {Median(v.SplitErrors):0.0} / {v.SplitErrors.Max():0.0} |"));
        return $"""
            | source | files | mp3val silent | ffmpeg silent | frames | lost | doubled | differing samples | split error min / median / max, ms |
            |---|---|---|---|---|---|---|---|---|
            {string.Join('\n', rows)}

            """;
    }

    private static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<int> CountAsync(List<string> paths, Func<string, Task> check)
    {
        var silent = 0;
        foreach (var path in paths)
        {
            try
            {
                await check(path);
                silent++;
            }
            catch (Xunit.Sdk.XunitException e)
            {
                TestContext.Current.SendDiagnosticMessage("{0}", e.Message);
            }
        }

        return silent;
    }

    private static List<ReadOnlyMemory<byte>> AdtsFrames(string path) => FrameSplitter.Adts(File.ReadAllBytes(path));

    /// <summary>Without the lead-in, whose length the LAME tag's delay tells.</summary>
    private static List<ReadOnlyMemory<byte>> Mp3Frames(string path)
    {
        const int DelayOffset = 141;
        var file = File.ReadAllBytes(path);
        var frames = FrameSplitter.Mp3(file);
        var audio = file.AsSpan(FrameSplitter.Id3v2Length(file));
        var tag = Math.Max(audio[..60].IndexOf("Info"u8), audio[..60].IndexOf("Xing"u8));
        Assert.True(tag > 0, $"{path} has no Info frame");
        var delay = audio[tag + DelayOffset] << 4 | audio[tag + DelayOffset + 1] >> 4;
        return frames[((delay + 529) / 1152)..];
    }

    private static async Task<long> DifferAsync(string folder, List<string> paths, List<ReadOnlyMemory<byte>> frames)
    {
        var whole = Path.Combine(folder, "..", $"whole-{Path.GetFileName(Path.GetDirectoryName(paths[0]))}.mp3");
        await File.WriteAllBytesAsync(whole, OneFile(frames));
        var expected = await AudioChecks.DecodeAsync(whole);
        var position = 0;
        long differing = 0;
        foreach (var path in paths)
        {
            foreach (var sample in await AudioChecks.DecodeAsync(path))
            {
                differing += position >= expected.Length || !sample.Equals(expected[position]) ? 1 : 0;
                position++;
            }
        }

        return differing + Math.Abs(expected.Length - position);
    }

    private static byte[] OneFile(List<ReadOnlyMemory<byte>> frames)
    {
        var format = new AudioFormat(AudioCodec.MpegLayer3, 44100, 2);
        var muxer = new MpegFileMuxer(format);
        var output = new ArrayBufferWriter<byte>();
        muxer.Begin(new FileFacts("whole", DateTimeOffset.UnixEpoch), new AudioFrame(frames[0].Span, 1152, format), output);
        foreach (var frame in frames)
        {
            muxer.Write(new AudioFrame(frame.Span, 1152, format), output);
        }

        var header = new byte[muxer.MaxHeaderBytes];
        var length = muxer.GetHeader(header, out var offset);
        var bytes = output.WrittenSpan.ToArray();
        header.AsSpan(0, length).CopyTo(bytes.AsSpan((int)offset));
        return bytes;
    }

    private static List<double> Errors(
        RunningProgram program, string source, IReadOnlyList<FileOpened> files, List<List<ReadOnlyMemory<byte>>> frames, List<ReadOnlyMemory<byte>> sent, RawTap tap, double perFrame)
    {
        var (zero, places) = Envelope(sent, tap, perFrame);
        var split = program.Journal.OfType<FileClosed>().Where(c => c.Source == source && c.How == GapCause.Split).Select(c => c.File).ToHashSet(StringComparer.Ordinal);
        var errors = new List<double>();
        foreach (var ((before, file), first) in files.Zip(files.Skip(1)).Zip(frames.Skip(1).Select(f => f[0])))
        {
            var local = DateTime.ParseExact(Path.GetFileNameWithoutExtension(file.File), "yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);
            var boundary = new DateTimeOffset(local, TimeProvider.System.LocalTimeZone.GetUtcOffset(local));
            Assert.Contains(before.File, split);
            Assert.Equal(0, boundary.Second % 3);
            errors.Add((zero.AddSeconds(places[Convert.ToBase64String(first.Span)] * perFrame) - boundary).TotalMilliseconds);
        }

        return errors;
    }

    /// <summary>When the tap's first frame sounded, by the frame that came with the least delay; and every frame's place.</summary>
    private static (DateTimeOffset Zero, Dictionary<string, int> Places) Envelope(List<ReadOnlyMemory<byte>> sent, RawTap tap, double perFrame)
    {
        var time = TimeProvider.System;
        var (now, utc) = (time.GetTimestamp(), time.GetUtcNow());
        var end = (long)tap.Body.AsSpan().IndexOf(sent[0].Span);
        var arrivals = tap.Arrivals;
        var arrival = 0;
        var best = double.PositiveInfinity;
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < sent.Count; i++)
        {
            end += sent[i].Length;
            while (arrivals[arrival].Length < end)
            {
                arrival++;
            }

            var at = time.GetElapsedTime(now, arrivals[arrival].Timestamp).TotalSeconds;
            best = Math.Min(best, at - ((i + 1) * perFrame));
            places.TryAdd(Convert.ToBase64String(sent[i].Span), i);
        }

        return (utc.AddSeconds(best), places);
    }
}
