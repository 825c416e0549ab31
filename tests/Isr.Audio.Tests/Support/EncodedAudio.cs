using System.Collections.Concurrent;

namespace Isr.Audio.Tests.Support;

/// <summary>
/// Streams made by real encoders, each once a run: a sweep that swells and bursts of noise, so that no frame is like
/// another and encoders move bits between them.
/// </summary>
internal static class EncodedAudio
{
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> Made = new(StringComparer.Ordinal);

    public static byte[] Mp3(int sampleRate, int channels, int seconds, params string[] options) =>
        Make("mp3", sampleRate, channels, seconds, ["-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0", .. options]);

    public static byte[] Mp3WithInfoFrame(int sampleRate, int channels, int seconds, params string[] options)
    {
        // Only a file can have its info frame completed at the end.
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "whole.mp3");
        Tool.Output("ffmpeg", [.. Source(sampleRate, channels, seconds), "-c:a", "libmp3lame", "-id3v2_version", "0", .. options, path]);
        return File.ReadAllBytes(path);
    }

    public static byte[] Mp2(int sampleRate, int channels, int seconds, params string[] options) =>
        Make("mp2", sampleRate, channels, seconds, ["-c:a", "mp2", .. options]);

    public static byte[] Aac(int sampleRate, int channels, int seconds, params string[] options) =>
        Make("adts", sampleRate, channels, seconds, ["-c:a", "aac", .. options]);

    public static byte[] Flac(int sampleRate, int channels, int seconds, params string[] options) =>
        Make("flac", sampleRate, channels, seconds, ["-c:a", "flac", .. options]);

    /// <summary>FLAC of nothing, whose frames are as small as they can be.</summary>
    public static byte[] Silence(int sampleRate, int channels, int seconds) =>
        Tool.Output("ffmpeg", "-v", "error", "-f", "lavfi", "-i", $"anullsrc=r={sampleRate}:cl={channels}c:d={seconds}", "-f", "flac", "-");

    /// <summary>By the reference encoder, from the sound of a WAV file.</summary>
    public static byte[] FlacOf(byte[] wav, params string[] options)
    {
        using var directory = new TemporaryDirectory();
        return Tool.Output("flac", ["-s", "-c", .. options, directory.Write("source.wav", wav)]);
    }

    public static byte[] Wav(int sampleRate, int channels, int seconds, params string[] options)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "source.wav");
        Tool.Output("ffmpeg", [.. Source(sampleRate, channels, seconds), .. options, path]);
        return File.ReadAllBytes(path);
    }

    public static byte[] Vorbis(int sampleRate, int channels, int seconds, params string[] options) =>
        Make("ogg", sampleRate, channels, seconds, ["-c:a", "libvorbis", .. options]);

    public static byte[] Opus(int sampleRate, int channels, int seconds, params string[] options) =>
        Make("ogg", sampleRate, channels, seconds, ["-c:a", "libopus", .. options]);

    public static byte[] OggFlac(int sampleRate, int channels, int seconds, params string[] options) =>
        Make("ogg", sampleRate, channels, seconds, ["-c:a", "flac", .. options]);

    private static byte[] Make(string format, int sampleRate, int channels, int seconds, string[] options)
    {
        string[] arguments = [.. Source(sampleRate, channels, seconds), .. options, "-f", format, "-"];
        return Made.GetOrAdd(string.Join(' ', arguments), _ => new Lazy<byte[]>(() => Tool.Output("ffmpeg", arguments))).Value;
    }

    private static string[] Source(int sampleRate, int channels, int seconds)
    {
        const string Left = "0.4*sin(2*PI*t*(300+400*t))*(0.5+0.5*sin(2*PI*1.3*t))+0.5*(random(0)-0.5)*gt(sin(2*PI*2.1*t),0.5)";
        const string Right = "0.3*sin(2*PI*t*(900-30*t))+0.6*(random(1)-0.5)*gt(sin(2*PI*1.7*t),0.7)";
        var wave = string.Join('|', Enumerable.Range(0, channels).Select(channel => channel % 2 == 0 ? Left : Right));
        return ["-v", "error", "-f", "lavfi", "-i", $"aevalsrc='{wave}':s={sampleRate}:d={seconds}"];
    }
}
