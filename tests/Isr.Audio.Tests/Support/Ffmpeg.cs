namespace Isr.Audio.Tests.Support;

/// <summary>ffmpeg as a decoder. It takes longer to start than to decode seconds of sound, so that one process is given many files.</summary>
internal static class Ffmpeg
{
    /// <summary>What each file decodes to, in a raw format as ffmpeg names it, and what ffmpeg said of all of them together.</summary>
    /// <param name="paths">The files; none twice.</param>
    /// <param name="format">Such as "s16le".</param>
    /// <param name="loudness">From which level on it says something: "error" or "warning".</param>
    public static (List<byte[]> Decoded, string Errors) Run(IReadOnlyCollection<string> paths, string format, string loudness = "error")
    {
        using var directory = new TemporaryDirectory();
        var outputs = paths.Select((_, i) => Path.Combine(directory.Path, $"{i}")).ToList();
        var result = Tool.Run(
            "ffmpeg",
            [
                "-nostdin", "-v", loudness, .. paths.SelectMany(path => new[] { "-i", path }),
                .. outputs.SelectMany((output, i) => new[] { "-map", $"{i}:a", "-f", format, output }),
            ]);
        Assert.True(result.ExitCode == 0, $"ffmpeg {string.Join(' ', paths)}: {result.Errors}");
        return (outputs.ConvertAll(File.ReadAllBytes), result.Errors);
    }

    /// <summary>The same of files of which it says nothing.</summary>
    public static List<byte[]> Decode(IReadOnlyCollection<string> paths, string format, string loudness = "error")
    {
        var (decoded, errors) = Run(paths, format, loudness);
        Assert.Equal("", errors);
        return decoded;
    }
}
