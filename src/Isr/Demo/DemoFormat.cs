namespace Isr.Demo;

/// <summary>What the station sends. All of them can be joined at any byte, as listeners do.</summary>
/// <param name="Path">Where it is heard.</param>
/// <param name="ContentType">What it says it is.</param>
/// <param name="HasTitles">It weaves titles into what it sends, for those who ask.</param>
/// <param name="Encoding">ffmpeg's options for its output.</param>
internal sealed record DemoFormat(string Path, string ContentType, bool HasTitles, IReadOnlyList<string> Encoding)
{
    public static DemoFormat Mp3 { get; } = new(
        "/demo.mp3", "audio/mpeg", HasTitles: true, ["-c:a", "libmp3lame", "-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3"]);

    public static DemoFormat Aac { get; } = new("/demo.aac", "audio/aac", HasTitles: true, ["-c:a", "aac", "-b:a", "128k", "-f", "adts"]);

    /// <summary>As a station sends it that has no Ogg around it.</summary>
    public static DemoFormat Flac { get; } = new("/demo.flac", "audio/flac", HasTitles: false, ["-c:a", "flac", "-f", "flac"]);
}
