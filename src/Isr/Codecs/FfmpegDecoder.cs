using System.ComponentModel;
using System.Diagnostics;
using Isr.Audio.Pcm;

namespace Isr.Codecs;

/// <summary>What decoded samples are like; they come interleaved.</summary>
internal readonly record struct PcmFormat(int SampleRate, int Channels, SampleFormat Sample);

/// <summary>Takes decoded samples, in order, from one thread.</summary>
internal interface IPcmSink
{
    /// <summary>Called once, before any samples.</summary>
    void Begin(PcmFormat format);

    /// <summary>Whole moments, as many as there are.</summary>
    void Take(ReadOnlySpan<byte> samples);
}

/// <summary>One ffmpeg process that decodes what is fed to it through a pipe; it sees no file and no network.</summary>
internal static class FfmpegDecoder
{
    public const string NotInstalled = "ffmpeg is not installed (package ffmpeg), or not in PATH: levels of MP3, AAC, Vorbis and Opus need it";

    private const string Program = "ffmpeg";

    // What one allocation of ffmpeg may have: headers of a hostile file ask for gigabytes.
    private const int MostBytesAtOnce = 64 * 1024 * 1024;

    // Samples of a third of a second and more, so that there is little waking up.
    private const int BlockBytes = 256 * 1024;

    /// <summary>How long ffmpeg may neither take what it is given nor give anything.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Decodes all that <paramref name="feed"/> writes. Null when it went well, else ffmpeg's own words.</summary>
    /// <param name="demuxer">ffmpeg's name of the container: mp3, aac, ogg, wav.</param>
    /// <param name="feed">Writes the coded bytes; when it returns, they end.</param>
    /// <param name="sink">Takes the samples, as single precision.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    public static Task<string?> DecodeAsync(string demuxer, Func<Stream, CancellationToken, Task> feed, IPcmSink sink, CancellationToken cancellationToken) =>
        FindProgram() is { } program
            ? DecodeAsync(program, Arguments(demuxer), Patience, feed, sink, cancellationToken)
            : Task.FromResult<string?>(NotInstalled);

    /// <summary>The same with any program, which shall write a WAV file.</summary>
    internal static async Task<string?> DecodeAsync(
        string program,
        IEnumerable<string> arguments,
        TimeSpan patience,
        Func<Stream, CancellationToken, Task> feed,
        IPcmSink sink,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = TryStart(program, arguments, out var complaint);
        if (process is null)
        {
            return complaint;
        }

        using var watch = new FfmpegWatch(patience, cancellationToken);
        await using var killing = watch.Token.UnsafeRegister(static state => Kill((Process)state!), process);
        var complaints = FfmpegComplaints.ReadAsync(process.StandardError.BaseStream);
        var feeding = FeedAsync(process, feed, watch);
        var hasStoodStill = false;
        try
        {
            complaint = await ReadAsync(process.StandardOutput.BaseStream, sink, watch);
            if (complaint is null)
            {
                await feeding;
                await process.WaitForExitAsync(watch.Token);
            }
        }
        catch (Exception) when (watch.HasStoodStill)
        {
            // Killed for it: what it broke off with is no news.
        }
        finally
        {
            // Whoever failed, all three pipes come to their end with the process.
            hasStoodStill = watch.HasStoodStill;
            Kill(process);
            watch.End();
            await process.StandardOutput.BaseStream.DisposeAsync();
            await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var words = await complaints;
        return complaint
            ?? (hasStoodStill ? $"it stood still for {patience.TotalSeconds:0} s"
            : words.Length > 0 ? words
            : process.ExitCode != 0 ? $"it ended with {process.ExitCode}"
            : null);
    }

    /// <summary>By PATH alone: Process.Start would look in the working directory, too.</summary>
    internal static string? FindProgram()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var path = Path.Combine(folder, Program);
            if (Path.IsPathRooted(folder) && File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    // Only the decoders of what the container is known for: all else in it is not even tried.
    private static string[] Arguments(string demuxer) =>
    [
        "-nostdin", "-hide_banner", "-v", "error", "-max_alloc", $"{MostBytesAtOnce}",
        .. demuxer switch
        {
            "mp3" => ["-codec_whitelist", "mp3float,mp3,mp2float,mp2,mp1float,mp1"],
            "aac" => ["-codec_whitelist", "aac"],
            "ogg" => ["-codec_whitelist", "vorbis,opus,libopus,flac"],
            _ => Array.Empty<string>(),
        },
        "-protocol_whitelist", "pipe", "-threads", "1", "-f", demuxer, "-i", "pipe:0",
        "-map", "0:a:0", "-vn", "-sn", "-dn", "-threads", "1", "-c:a", "pcm_f32le", "-f", "wav", "pipe:1",
    ];

    private static Process? TryStart(string program, IEnumerable<string> arguments, out string? complaint)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // It would write a log file.
        start.Environment.Remove("FFREPORT");
        start.Environment["AV_LOG_FORCE_NOCOLOR"] = "1";
        try
        {
            complaint = null;
            return Process.Start(start);
        }
        catch (Win32Exception e)
        {
            complaint = $"{program} cannot be started: {e.Message}";
            return null;
        }
    }

    private static async Task FeedAsync(Process process, Func<Stream, CancellationToken, Task> feed, FfmpegWatch watch)
    {
        await using var input = new FfmpegInput(process.StandardInput.BaseStream, watch);
        try
        {
            await feed(input, watch.Token);
        }
        catch (Exception) when (input.IsBroken)
        {
            // It has ended before its input did, and says why itself.
        }
        catch
        {
            Kill(process);
            throw;
        }
    }

    /// <summary>Reads to the end; why it did not, if it did not.</summary>
    private static async Task<string?> ReadAsync(Stream output, IPcmSink sink, FfmpegWatch watch)
    {
        var buffer = new byte[BlockBytes];
        var filled = 0;
        var momentBytes = 0;
        while (await output.ReadAsync(buffer.AsMemory(filled), watch.Token) is > 0 and var count)
        {
            watch.Moved();
            filled += count;
            var start = 0;
            if (momentBytes == 0)
            {
                if (!WavPipeHead.TryRead(buffer.AsSpan(0, filled), out var format, out start) && filled < buffer.Length)
                {
                    continue;
                }

                if (format.Channels == 0)
                {
                    return "it gave samples of a rate or number of channels that no sound has";
                }

                momentBytes = format.Channels * sizeof(float);
                sink.Begin(format);
            }

            var whole = (filled - start) / momentBytes * momentBytes;
            if (whole > 0)
            {
                sink.Take(buffer.AsSpan(start, whole));
            }

            filled -= start + whole;
            buffer.AsSpan(start + whole, filled).CopyTo(buffer);
        }

        return null;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }
}
