using System.Buffers.Binary;
using Isr.Audio;
using Isr.Recording;
using Isr.Recording.Disk;
using Isr.Sources;

namespace Isr.Tests.Support;

/// <summary>
/// A soundcard whose samples are numbers: every moment holds how many were taken before it since the card was plugged in, so
/// that a recording shows what is in it. It counts by a crystal of its own and hands over what it took ten times a second.
/// </summary>
/// <param name="harness">Whose time passes.</param>
/// <param name="recorder">What records it.</param>
/// <param name="monitor">Its status.</param>
/// <param name="bits">16 or 24.</param>
/// <param name="ppm">How much faster than true its crystal is.</param>
internal sealed class FedCard(RecordingHarness harness, CardRecorder recorder, SourceMonitor monitor, int bits, double ppm) : IFedSource
{
    public const int Rate = 8_000;

    private const double Step = 0.1;

    private readonly DateTimeOffset _pluggedIn = harness.Now;
    private readonly AudioFormat _format = new(AudioCodec.Pcm, Rate, 2, bits);
    private byte[] _block = [];
    private double _elapsed;
    private long _next;
    private long _unsettledBytes;

    public SourceMonitor Monitor => monitor;

    public bool IsConnected { get; private set; }

    /// <summary>Numbers of the moments that were fed, as ranges with an exclusive end.</summary>
    public List<(long From, long To)> Fed { get; } = [];

    public DateTimeOffset TrueTimeOf(long moment) => _pluggedIn.AddSeconds(moment / (Rate * (1 + (ppm * 1e-6))));

    public void Connect()
    {
        IsConnected = true;
        Fed.Add((_next, _next));
        recorder.Connected(new StreamFacts { Url = "alsa:hw:CARD=Test", Name = "Test" });
    }

    /// <param name="seconds">By the true clock.</param>
    public ConnectionEnd? Play(double seconds)
    {
        for (var i = 0; i < (int)Math.Round(seconds / Step); i++)
        {
            var from = _next;
            Pass();
            if (Deliver(from, null) is { } end)
            {
                return end;
            }
        }

        return null;
    }

    /// <summary>The card's buffer runs over: what it took for so long is lost, and it begins anew.</summary>
    public void Overrun(double seconds)
    {
        Disconnect(new ConnectionEnd(EndCause.Overrun, "the buffer ran over"));
        for (var i = 0; i < (int)Math.Round(seconds / Step); i++)
        {
            Pass();
        }

        Connect();
    }

    /// <summary>This computer did not keep up: so many steps are dropped, and counted.</summary>
    public void Drop(int steps)
    {
        var lost = _next;
        for (var i = 0; i < steps; i++)
        {
            Pass();
        }

        lost = _next - lost;
        var from = _next;
        Pass();
        Fed.Add((from, from));
        Deliver(from, lost);
    }

    public void Disconnect(ConnectionEnd? end = null)
    {
        IsConnected = false;
        recorder.Disconnected(end ?? ConnectionEnd.Stopped);
    }

    /// <summary>The numbers in the samples of a recording.</summary>
    public static List<long> NumbersIn(ReadOnlySpan<byte> samples, int bits)
    {
        var numbers = new List<long>(samples.Length / (bits / 4));
        for (var at = 0; at < samples.Length; at += bits / 4)
        {
            numbers.Add(bits == 16
                ? BinaryPrimitives.ReadUInt32LittleEndian(samples[at..])
                : BinaryPrimitives.ReadUInt32LittleEndian(samples[at..]) | ((long)samples[at + 4] << 32));
        }

        return numbers;
    }

    private void Pass()
    {
        harness.Advance(Step);
        _elapsed += Step;
        _next = (long)Math.Floor(_elapsed * Rate * (1 + (ppm * 1e-6)));
    }

    private ConnectionEnd? Deliver(long from, long? lost)
    {
        var moment = bits / 4;
        var count = (int)(_next - from);
        Array.Resize(ref _block, count * moment);
        for (var i = 0; i < count; i++)
        {
            var number = from + i;
            for (var b = 0; b < moment; b++)
            {
                _block[(i * moment) + b] = (byte)(number >> (8 * b));
            }
        }

        Fed[^1] = (Fed[^1].From, _next);
        recorder.Frame(new AudioFrame(_block, count, _format, lost));
        var late = _elapsed - (_next / (Rate * (1 + (ppm * 1e-6))));
        var end = recorder.Arrived(harness.Time.GetTimestamp() - (long)(late * harness.Time.TimestampFrequency));
        _unsettledBytes += _block.Length;
        if (WaitsForDisk && _unsettledBytes > DiskBudget.UsualFileBytes / 2)
        {
            _unsettledBytes = 0;
            Wait.UntilAsync(() => harness.Services.Disks.Waiting.Bytes == 0, TimeSpan.FromSeconds(10), "all samples on the disk").GetAwaiter().GetResult();
        }

        return end;
    }

    /// <summary>As for <see cref="FedSource.WaitsForDisk"/>.</summary>
    public bool WaitsForDisk { get; set; } = true;
}
