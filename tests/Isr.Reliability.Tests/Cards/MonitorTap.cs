using System.Buffers.Binary;
using System.Diagnostics;
using Isr.Tests.Support;

namespace Isr.Reliability.Tests.Cards;

/// <summary>
/// Listens to a sound server's monitor whose samples count, by the server's own program and in short pieces, and notes when each
/// piece came: the witness for the time of what others record there.
/// </summary>
internal sealed class MonitorTap : IAsyncDisposable
{
    private readonly List<(uint Number, long Timestamp)> _arrivals = [];
    private readonly Process _process;
    private readonly Task _reading;

    private MonitorTap(Process process)
    {
        _process = process;
        _reading = Task.Run(Read);
    }

    public static MonitorTap Start(PulseServer server)
    {
        var start = new ProcessStartInfo("parec", ["--raw", "--device=rig.monitor", "--format=s16le", "--rate=48000", "--channels=2", "--latency-msec=10"]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var (name, value) in server.Environment)
        {
            start.Environment[name] = value;
        }

        return new MonitorTap(Process.Start(start)!);
    }

    /// <summary>
    /// When a moment of the count had been played, as a timestamp: no piece comes before its sound, so the least delay of all within
    /// half a minute tells. To be asked when the tap has ended.
    /// </summary>
    public double TimestampOf(uint number)
    {
        var near = _arrivals.Where(a => Math.Abs((long)a.Number - number) < 30 * CardFiles.Rate);
        return near.Min(a => a.Timestamp - ((double)a.Number / CardFiles.Rate * TimeProvider.System.TimestampFrequency))
            + ((double)number / CardFiles.Rate * TimeProvider.System.TimestampFrequency);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _reading;
        _process.Dispose();
    }

    private void Read()
    {
        var output = _process.StandardOutput.BaseStream;
        var buffer = new byte[64 * 1024];
        var kept = 0;
        while (output.Read(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var timestamp = TimeProvider.System.GetTimestamp();
            var whole = (kept + read) & ~3;
            if (whole > 0 && BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(whole - sizeof(uint))) is > 0 and var number)
            {
                _arrivals.Add((number, timestamp));
            }

            buffer.AsSpan(whole, kept + read - whole).CopyTo(buffer);
            kept = kept + read - whole;
        }
    }
}
