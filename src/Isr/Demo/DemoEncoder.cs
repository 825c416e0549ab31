using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Isr.Demo;

/// <summary>
/// ffmpeg, turning 16-bit stereo samples into a stream as they come, MP3 of 128 kbit/s as a rule. It ends when this
/// object is disposed, and of itself when this process dies, because its standard input ends then.
/// </summary>
internal sealed class DemoEncoder : IAsyncDisposable
{
    public const int BytesPerSecond = 128_000 / 8;

    private readonly Process _process;
    private readonly Task<string> _complaints;

    private DemoEncoder(Process process)
    {
        _process = process;
        _complaints = process.StandardError.ReadToEndAsync();
    }

    /// <summary>The stream of frames; it ends when the encoder does.</summary>
    public Stream Output => _process.StandardOutput.BaseStream;

    /// <exception cref="DemoException">ffmpeg cannot be started.</exception>
    public static DemoEncoder Start(string program, DemoFormat format)
    {
        string[] input = ["-f", "s16le", "-ar", $"{DemoSignal.SampleRate}", "-ac", $"{DemoSignal.Channels}", "-i", "pipe:0"];
        var start = new ProcessStartInfo(program, ["-hide_banner", "-loglevel", "error", "-nostats", .. input, .. format.Encoding, "-flush_packets", "1", "pipe:1"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            return new DemoEncoder(Process.Start(start) ?? throw new DemoException($"{program} could not be started."));
        }
        catch (Win32Exception e)
        {
            throw new DemoException($"The demo makes its sound with {program}, which could not be started ({e.Message}). Install ffmpeg (Debian: apt-get install ffmpeg).", e);
        }
    }

    /// <summary>Gives it samples, left and right in turn.</summary>
    /// <exception cref="IOException">It has ended.</exception>
    public async Task WriteAsync(ReadOnlyMemory<short> interleaved, CancellationToken cancellationToken)
    {
        Debug.Assert(BitConverter.IsLittleEndian, "s16le is this machine's own order.");
        var bytes = new byte[interleaved.Length * sizeof(short)];
        MemoryMarshal.AsBytes(interleaved.Span).CopyTo(bytes);
        await _process.StandardInput.BaseStream.WriteAsync(bytes, cancellationToken);
        await _process.StandardInput.BaseStream.FlushAsync(cancellationToken);
    }

    /// <summary>Ends it and says what it complained of; empty when of nothing.</summary>
    public async Task<string> StopAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        return (await _complaints).Trim();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }
}
