using System.Runtime.InteropServices;
using Isr.Audio.Wav;

namespace Isr.Tests.Support;

/// <summary>Judges recordings with the programs that others would judge them with.</summary>
internal static class AudioChecks
{
    /// <summary>Fails unless every program that knows the file's format finds nothing wrong with it.</summary>
    public static async Task PassesAllAsync(params IEnumerable<string> paths)
    {
        var complaints = (await VerdictsAsync(paths)).Where(v => v.Complaint.Length > 0).Select(v => $"{v.Path}\n{v.Program}: {v.Complaint}");
        Assert.True(!complaints.Any(), string.Join('\n', complaints));
    }

    /// <summary>What every program that knows a file's format says of it.</summary>
    public static async Task<IReadOnlyList<Verdict>> VerdictsAsync(params IEnumerable<string> paths)
    {
        var files = paths.ToList();
        var ofFfmpeg = await AskFfmpegAsync(files, counts: true);
        var verdicts = new List<Verdict>();
        foreach (var (path, (complaint, samples)) in files.Zip(ofFfmpeg))
        {
            verdicts.AddRange(await OthersAsync(path, samples));
            verdicts.Add(new Verdict("ffmpeg", complaint) { Path = path });
        }

        return verdicts;
    }

    /// <param name="path">The file.</param>
    /// <param name="decoded">Samples per channel that ffmpeg decodes.</param>
    private static async Task<IReadOnlyList<Verdict>> OthersAsync(string path, long decoded)
    {
        (string Program, Func<string, Task<string>> Ask)[] judges = await FormatOfAsync(path) switch
        {
            "mp3" => [("mp3val", AskMp3valAsync)],
            "aac" => [],
            "vorbis" => [
                ("oggz-validate", AskOggzAsync), ("ogginfo", AskOgginfoAsync), ("oggdec", p => AskQuietAsync("oggdec", "-Q", "-o", "/dev/null", p)),
                ("libsndfile", p => AskSndfileAsync(p, decoded))],
            "opus" => [
                ("oggz-validate", AskOggzAsync), ("opusinfo", AskOpusinfoAsync), ("opusdec", p => AskQuietAsync("opusdec", "--quiet", p, "/dev/null"))],
            "oggflac" => [
                ("oggz-validate", AskOggzAsync), ("ogginfo", AskOgginfoAsync), ("flac -t", p => AskFlacAsync("--ogg", "-t", "-s", p))],
            "wav" => [("soxi", p => AskQuietInfoAsync("soxi", p)), ("libsndfile", p => AskSndfileAsync(p, decoded)), ("sizes", path => Task.FromResult(AskSizes(path)))],
            _ => [("flac -t", p => AskFlacAsync("-t", "-s", p)), ("flac --skip", AskFlacSkipAsync), ("libsndfile", p => AskSndfileAsync(p, decoded))],
        };
        return await Task.WhenAll(judges.Select(async judge => new Verdict(judge.Program, await judge.Ask(path)) { Path = path }));
    }

    /// <summary>Fails unless the samples of a FLAC file are those of its MD5, and it has one.</summary>
    public static async Task PassesFlacMd5Async(string path) => IsSilent("flac -t -w", path, await AskQuietAsync("flac", "-t", "-w", "-s", path));

    /// <summary>mp3val finds nothing wrong; that a file has no tags is not wrong.</summary>
    public static async Task PassesMp3valAsync(string path) => IsSilent("mp3val", path, await AskMp3valAsync(path));

    /// <summary>
    /// ffmpeg decodes whole files without a warning; that it must guess the duration of an ADTS file, which
    /// cannot tell its own, does not count.
    /// </summary>
    public static async Task DecodesSilentlyAsync(params IEnumerable<string> paths)
    {
        var files = paths.ToList();
        foreach (var (path, (complaint, _)) in files.Zip(await AskFfmpegAsync(files, counts: false)))
        {
            IsSilent("ffmpeg", path, complaint);
        }
    }

    /// <summary>Samples in [-1, 1], channels in turn, as ffmpeg decodes the file.</summary>
    public static async Task<float[]> DecodeAsync(string path) => (await DecodeAsync([path]))[0];

    /// <summary>The same of several, with one process: it takes longer to start than to decode seconds of sound.</summary>
    public static async Task<List<float[]>> DecodeAsync(IReadOnlyList<string> paths) =>
        (await DecodeRawAsync(paths, "f32le")).ConvertAll(bytes => MemoryMarshal.Cast<byte, float>(bytes).ToArray());

    /// <summary>What each of several files decodes to, in a raw format as ffmpeg names it.</summary>
    public static async Task<List<byte[]>> DecodeRawAsync(IReadOnlyList<string> paths, string format)
    {
        using var directory = new TemporaryDirectory();
        var outputs = paths.Select((_, i) => directory.File($"{i}")).ToList();
        string[] mapped = [.. outputs.SelectMany((output, i) => new[] { "-map", $"{i}:a", "-f", format, output })];
        await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", .. paths.SelectMany(path => new[] { "-i", path }), .. mapped]);
        return outputs.ConvertAll(File.ReadAllBytes);
    }

    /// <summary>16-bit samples, channels in turn, as ffmpeg decodes the file.</summary>
    public static async Task<short[]> Decode16Async(string path)
    {
        var result = await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-f", "s16le", "pipe:1"]);
        return MemoryMarshal.Cast<byte, short>(result.Output).ToArray();
    }

    /// <summary>The samples of a FLAC file as PCM of so many bits, as flac decodes them; it compares their MD5.</summary>
    public static async Task<byte[]> DecodeFlacAsync(string path, int bits)
    {
        var result = await Processes.CheckAsync("flac", ["-d", "-s", "-c", "--force-raw-format", "--endian=little", "--sign=signed", path]);
        Assert.Equal(0, result.Output.Length % (bits / 8));
        return result.Output;
    }

    /// <summary>Samples per channel that ffmpeg decodes.</summary>
    public static async Task<long> CountAsync(string path)
    {
        var result = await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-ac", "1", "-f", "u8", "pipe:1"]);
        return result.Output.Length;
    }

    /// <summary>16-bit samples, channels in turn, as mpg123 decodes the MP3 file, silent padding included.</summary>
    public static async Task<short[]> DecodeMpg123Async(string path)
    {
        var result = await Processes.CheckAsync("mpg123", ["-q", "--no-gapless", "-s", path]);
        return MemoryMarshal.Cast<byte, short>(result.Output).ToArray();
    }

    /// <summary>
    /// Holds the frames of files, joined, against the frames that were sent. What lies before the first and after
    /// the last recorded frame is not lost: the recording may begin later and end earlier. Of frames that are equal
    /// the one is meant that follows on what was recorded before.
    /// </summary>
    public static FrameComparison Compare(IReadOnlyList<ReadOnlyMemory<byte>> sent, IReadOnlyList<ReadOnlyMemory<byte>> recorded)
    {
        var places = sent.Select((frame, i) => (frame, i)).ToLookup(p => Convert.ToBase64String(p.frame.Span), p => p.i, StringComparer.Ordinal);
        var found = new List<int>(recorded.Count);
        var expected = -1;
        for (var i = 0; i < recorded.Count; i++)
        {
            var follows = expected >= 0 && FollowingOn(sent, expected, recorded, i, most: 1) > 0;
            var place = follows ? expected : places[Convert.ToBase64String(recorded[i].Span)]
                .Select(p => (Place: p, Following: FollowingOn(sent, p, recorded, i, most: 50)))
                .OrderByDescending(p => p.Following).Select(p => p.Place).FirstOrDefault(-1);
            found.Add(place);
            expected = place < 0 ? expected : place + 1;
        }

        var known = found.Where(p => p >= 0).ToList();
        if (known.Count == 0)
        {
            return new FrameComparison(-1, -1, 0, 0, found.Count, 0);
        }

        var distinct = known.ToHashSet();
        return new FrameComparison(
            First: known.Min(),
            Last: known.Max(),
            Lost: known.Max() - known.Min() + 1 - distinct.Count,
            Doubled: known.Count - distinct.Count,
            Foreign: found.Count - known.Count,
            Disordered: known.Zip(known.Skip(1)).Count(pair => pair.Second < pair.First));
    }

    /// <summary>How many frames from there on are the same in both.</summary>
    private static int FollowingOn(
        IReadOnlyList<ReadOnlyMemory<byte>> sent, int place, IReadOnlyList<ReadOnlyMemory<byte>> recorded, int index, int most)
    {
        var count = 0;
        while (count < most && place + count < sent.Count && index + count < recorded.Count
            && sent[place + count].Span.SequenceEqual(recorded[index + count].Span))
        {
            count++;
        }

        return count;
    }

    private static void IsSilent(string program, string path, string complaint) =>
        Assert.True(complaint.Length == 0, $"{program} on {path}: {complaint}");

    /// <summary>By the file's name, and for Ogg by its first packet, since all of it is named alike.</summary>
    private static async Task<string> FormatOfAsync(string path)
    {
        if (Path.GetExtension(path) is not ".ogg")
        {
            return Path.GetExtension(path)[1..];
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = new byte[128];
        var count = await file.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, TestContext.Current.CancellationToken);
        return OggCodecOf(start.AsSpan(0, count));
    }

    private static string OggCodecOf(ReadOnlySpan<byte> start) =>
        start.IndexOf("\u0001vorbis"u8) == 28 ? "vorbis"
        : start.IndexOf("OpusHead"u8) == 28 ? "opus"
        : start.IndexOf("\u007FFLAC"u8) == 28 ? "oggflac"
        : throw new InvalidDataException("This Ogg file does not begin with a packet of Vorbis, Opus or FLAC.");

    /// <summary>A program that says nothing when all is well, and ends with 0.</summary>
    private static async Task<string> AskQuietAsync(string program, params string[] arguments)
    {
        var result = await Processes.RunAsync(program, arguments);
        return Complaint(result, result.All.Split('\n'));
    }

    /// <summary>A program that tells what a file is, and only complains where errors go.</summary>
    private static async Task<string> AskQuietInfoAsync(string program, params string[] arguments)
    {
        var result = await Processes.RunAsync(program, arguments);
        return Complaint(result, result.Errors.Split('\n'));
    }

    private static async Task<string> AskMp3valAsync(string path)
    {
        var result = await Processes.RunAsync("mp3val", [path]);
        return Complaint(result, result.All.Split('\n')
            .Where(l => l.StartsWith("WARNING", StringComparison.Ordinal) || l.StartsWith("ERROR", StringComparison.Ordinal))
            .Where(l => !l.Contains("No supported tags", StringComparison.Ordinal)));
    }

    /// <summary>
    /// Asked of all at once, and of each only where it complains: to start it takes longer than to decode seconds of sound. Where samples per channel are
    /// to be counted, they are; -1 where it fails.
    /// </summary>
    private static async Task<List<(string Complaint, long Samples)>> AskFfmpegAsync(List<string> paths, bool counts)
    {
        using var directory = new TemporaryDirectory();
        string[] mapped = [.. paths.SelectMany((_, i) => (string[])["-map", $"{i}:a", .. counts ? ["-ac", "1", "-f", "u8", directory.File($"{i}")] : (string[])["-f", "null", "-"]])];
        var result = await Processes.RunAsync("ffmpeg", ["-nostdin", "-v", "warning", .. paths.SelectMany(path => new[] { "-i", path }), .. mapped]);
        var complaint = Complaint(result, result.Errors.Split('\n')
            .Where(l => !l.Contains("Guessed Channel Layout", StringComparison.Ordinal))
            .Where(l => !(l.StartsWith("[aac @ ", StringComparison.Ordinal) && l.Contains("Estimating duration from bitrate", StringComparison.Ordinal))));
        if (paths.Count == 1 || complaint.Length == 0)
        {
            return [.. paths.Select((_, i) => (complaint, counts && result.ExitCode == 0 ? new FileInfo(directory.File($"{i}")).Length : -1))];
        }

        var answers = new List<(string Complaint, long Samples)>();
        foreach (var path in paths)
        {
            answers.AddRange(await AskFfmpegAsync([path], counts));
        }

        // What it says of all together and of none alone is a complaint all the same.
        return answers.Exists(answer => answer.Complaint.Length > 0) ? answers : answers.ConvertAll(answer => (complaint, answer.Samples));
    }

    private static Task<string> AskOggzAsync(string path) => AskQuietAsync("oggz-validate", path);

    private static Task<string> AskOgginfoAsync(string path) => AskInfoAsync("ogginfo", path);

    private static Task<string> AskOpusinfoAsync(string path) => AskInfoAsync("opusinfo", path);

    // Both tell much, and mark what is wrong.
    private static async Task<string> AskInfoAsync(string program, string path)
    {
        var result = await Processes.RunAsync(program, [path]);
        string[] marks = ["WARNING", "ERROR", "Warning", "Error", "Negative", "hole"];
        return Complaint(result, result.All.Split('\n').Where(l => marks.Any(m => l.Contains(m, StringComparison.Ordinal))));
    }

    /// <summary>Every size in the header is that of what is there.</summary>
    private static string AskSizes(string path)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        return WavFileInfo.TryRead((offset, into) => RandomAccess.Read(file, into, offset), RandomAccess.GetLength(file), out var info)
            ? info.IsUnfinished ? "the header says less or more than there is" : ""
            : "no WAV header";
    }

    private static async Task<string> AskFlacAsync(params string[] arguments)
    {
        var result = await Processes.RunAsync("flac", arguments);
        return Complaint(result, result.All.Split('\n').Where(l => !l.Contains("cannot check MD5 signature since it was unset", StringComparison.Ordinal)));
    }

    /// <summary>
    /// flac finds places inside the file. libFLAC 1.4.0 to 1.4.2 fail at some places of some sound files, where the
    /// sound looks like a frame's header: so one of three places will do. Wrong frame numbers fail at all of them.
    /// </summary>
    private static async Task<string> AskFlacSkipAsync(string path)
    {
        // flac removes what it could not write whole, and as root that would be /dev/null itself.
        using var directory = new TemporaryDirectory();
        var complaint = "";
        var samples = await SndfileCountAsync(path);
        foreach (var share in new[] { 0.5, 0.3, 0.7 })
        {
            complaint = await AskFlacAsync("-d", "-s", $"--skip={(long)(samples * share)}", "-f", "-o", directory.File("decoded.wav"), path);
            if (complaint.Length == 0)
            {
                break;
            }
        }

        return complaint;
    }

    /// <summary>The samples that libsndfile promises are those that ffmpeg decodes, and those that libsndfile itself does.</summary>
    private static async Task<string> AskSndfileAsync(string path, long decoded)
    {
        using var directory = new TemporaryDirectory();
        var converted = directory.File("converted.wav");
        var promised = await SndfileCountAsync(path);
        var result = await Processes.RunAsync("sndfile-convert", ["-pcm16", path, converted]);
        if (result.ExitCode != 0)
        {
            return Complaint(result, result.All.Split('\n'));
        }

        using var file = File.OpenHandle(converted);
        var own = WavFileInfo.TryRead((offset, into) => RandomAccess.Read(file, into, offset), RandomAccess.GetLength(file), out var info) ? info.Samples : -1;
        return promised == decoded && own == decoded ? "" : $"{promised} samples promised, {own} decoded, {decoded} by ffmpeg";
    }

    private static async Task<long> SndfileCountAsync(string path)
    {
        var result = await Processes.RunAsync("sndfile-info", [path]);
        var line = result.Text.Split('\n').LastOrDefault(l => l.StartsWith("Frames ", StringComparison.Ordinal)) ?? "";
        return long.TryParse(line.Split(':')[^1], out var count) ? count : -1;
    }

    private static string Complaint(ProcessResult result, IEnumerable<string> lines)
    {
        var said = string.Join('\n', lines.Where(l => l.Length > 0).Distinct(StringComparer.Ordinal).Take(5));
        return said.Length == 0 && result.ExitCode != 0 ? $"ended with {result.ExitCode}" : said;
    }
}

/// <summary>What a program says against a file; nothing when all is well.</summary>
internal sealed record Verdict(string Program, string Complaint)
{
    /// <summary>Of which file.</summary>
    public string? Path { get; init; }
}

/// <summary>How recorded frames relate to those sent.</summary>
/// <param name="First">Place of the first recorded frame among those sent; -1 when none is there.</param>
/// <param name="Last">Place of the last.</param>
/// <param name="Lost">Sent between those two, not recorded.</param>
/// <param name="Doubled">Recorded more than once.</param>
/// <param name="Foreign">Recorded, never sent.</param>
/// <param name="Disordered">Recorded after a later one.</param>
internal sealed record FrameComparison(int First, int Last, int Lost, int Doubled, int Foreign, int Disordered)
{
    /// <summary>Fails unless every frame from the first to the last is there once, in order.</summary>
    public void IsWhole() => Assert.Equal(new FrameComparison(First, Last, 0, 0, 0, 0), this);
}
