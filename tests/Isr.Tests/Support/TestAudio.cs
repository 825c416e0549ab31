using System.Collections.Concurrent;

namespace Isr.Tests.Support;

/// <summary>Coded audio of which no two frames are equal, so that any frame tells its place.</summary>
/// <param name="ContentType">What an honest server calls it.</param>
/// <param name="Frames">In order.</param>
/// <param name="PerFrame">How long one sounds.</param>
internal sealed record TestStream(string ContentType, IReadOnlyList<ReadOnlyMemory<byte>> Frames, TimeSpan PerFrame)
{
    /// <summary>The frames joined.</summary>
    public byte[] Bytes(int from, int count) => [.. Frames.Skip(from).Take(count).SelectMany(f => f.ToArray())];
}

/// <summary>Makes test sound with ffmpeg, once per process and kind.</summary>
internal static class TestAudio
{
    public const int Seconds = 120;

    private static readonly ConcurrentDictionary<string, Lazy<Task<byte[]>>> s_made = new(StringComparer.Ordinal);

    /// <summary>MP3, 128 kbit/s, 44.1 kHz stereo, 120 s, no tag, no Info frame.</summary>
    public static async Task<TestStream> Mp3Async() =>
        new("audio/mpeg", FrameSplitter.Mp3(await CodedAsync("mp3")), TimeSpan.FromSeconds(1152 / 44100.0));

    /// <summary>AAC-LC in ADTS, 128 kbit/s, 44.1 kHz stereo, 120 s.</summary>
    public static async Task<TestStream> AdtsAsync() =>
        new("audio/aac", FrameSplitter.Adts(await CodedAsync("adts")), TimeSpan.FromSeconds(1024 / 44100.0));

    /// <summary>Ogg Vorbis, 44.1 kHz stereo, 120 s, as one file.</summary>
    public static Task<byte[]> OggAsync() => CodedAsync("ogg");

    /// <summary>Sound as a filter graph of ffmpeg: pink noise, and a sweep that never comes back to the same phase.</summary>
    public static string Graph(int seed = 1) =>
        $"anoisesrc=sample_rate=44100:amplitude=0.2:color=pink:seed={seed}[n];"
        + "aevalsrc=exprs='0.3*sin(2*PI*(200*t+5*t*t))':sample_rate=44100[s];"
        + "[n][s]amix=inputs=2:duration=first,aformat=sample_fmts=fltp:channel_layouts=stereo";

    /// <summary>The arguments of ffmpeg for a format: mp3, mono48 (MP3 of 48 kHz, mono), vbr, adts, ogg, opus, oggflac, flac, wav.</summary>
    public static string[] Codec(string format, int kilobits = 128) => format switch
    {
        "mp3" => ["-c:a", "libmp3lame", "-b:a", $"{kilobits}k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"],
        "mono48" => ["-ac", "1", "-ar", "48000", .. Codec("mp3", kilobits)],
        "vbr" => ["-c:a", "libmp3lame", "-q:a", "4", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"],
        "adts" => ["-c:a", "aac", "-b:a", $"{kilobits}k", "-f", "adts"],
        "ogg" => ["-c:a", "libvorbis", "-q:a", "4", "-f", "ogg"],
        "opus" => ["-c:a", "libopus", "-b:a", $"{kilobits}k", "-f", "ogg"],
        "oggflac" => ["-c:a", "flac", "-f", "ogg"],
        "flac" => ["-c:a", "flac", "-f", "flac"],
        "wav" => ["-c:a", "pcm_s16le", "-f", "wav"],
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such test format."),
    };

    /// <summary>120 s of the test sound in a format of <see cref="Codec"/>.</summary>
    public static Task<byte[]> CodedAsync(string format) =>
        s_made.GetOrAdd(format, f => new Lazy<Task<byte[]>>(() => MakeAsync(f))).Value;

    private static async Task<byte[]> MakeAsync(string format)
    {
        string[] input = ["-v", "error", "-nostdin", "-filter_complex", Graph(), "-t", $"{Seconds}"];
        var made = await Processes.CheckAsync("ffmpeg", [.. input, .. Codec(format), "pipe:1"]);
        return made.Output;
    }
}
