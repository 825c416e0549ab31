using System.Runtime.InteropServices;

namespace Isr.Tests.Support;

/// <summary>Judges recordings with the programs that others would judge them with.</summary>
internal static class AudioChecks
{
    /// <summary>mp3val finds nothing wrong; that a file has no tags is not wrong.</summary>
    public static async Task PassesMp3valAsync(string path)
    {
        var result = await Processes.RunAsync("mp3val", [path]);
        var complaints = result.All.Split('\n')
            .Where(l => l.StartsWith("WARNING", StringComparison.Ordinal) || l.StartsWith("ERROR", StringComparison.Ordinal))
            .Where(l => !l.Contains("No supported tags", StringComparison.Ordinal))
            .ToList();
        Assert.True(result.ExitCode == 0 && complaints.Count == 0, $"mp3val on {path}: {string.Join('\n', complaints)}");
    }

    /// <summary>
    /// ffmpeg decodes the whole file without a warning; that it must guess the duration of an ADTS file, which
    /// cannot tell its own, does not count.
    /// </summary>
    public static async Task DecodesSilentlyAsync(string path)
    {
        var result = await Processes.RunAsync("ffmpeg", ["-nostdin", "-v", "warning", "-i", path, "-map", "0:a", "-f", "null", "-"]);
        var guesses = path.EndsWith(".aac", StringComparison.Ordinal);
        var complaints = result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(l => !(guesses && l.Contains("Estimating duration from bitrate", StringComparison.Ordinal)))
            .ToList();
        Assert.True(result.ExitCode == 0 && complaints.Count == 0, $"ffmpeg on {path}: {string.Join('\n', complaints)}");
    }

    /// <summary>Samples in [-1, 1], channels in turn, as ffmpeg decodes the file.</summary>
    public static async Task<float[]> DecodeAsync(string path)
    {
        var result = await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-f", "f32le", "pipe:1"]);
        return MemoryMarshal.Cast<byte, float>(result.Output).ToArray();
    }

    /// <summary>16-bit samples, channels in turn, as ffmpeg decodes the file.</summary>
    public static async Task<short[]> Decode16Async(string path)
    {
        var result = await Processes.CheckAsync("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-f", "s16le", "pipe:1"]);
        return MemoryMarshal.Cast<byte, short>(result.Output).ToArray();
    }

    /// <summary>16-bit samples, channels in turn, as mpg123 decodes the MP3 file, silent padding included.</summary>
    public static async Task<short[]> DecodeMpg123Async(string path)
    {
        var result = await Processes.CheckAsync("mpg123", ["-q", "--no-gapless", "-s", path]);
        return MemoryMarshal.Cast<byte, short>(result.Output).ToArray();
    }

    /// <summary>
    /// Holds the frames of files, joined, against the frames that were sent. What lies before the first and after
    /// the last recorded frame is not lost: the recording may begin later and end earlier.
    /// </summary>
    public static FrameComparison Compare(IReadOnlyList<ReadOnlyMemory<byte>> sent, IReadOnlyList<ReadOnlyMemory<byte>> recorded)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < sent.Count; i++)
        {
            places.TryAdd(Convert.ToBase64String(sent[i].Span), i);
        }

        var found = recorded.Select(f => places.GetValueOrDefault(Convert.ToBase64String(f.Span), -1)).ToList();
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
