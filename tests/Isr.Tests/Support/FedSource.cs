using Isr.Recording;
using Isr.Recording.Disk;
using Isr.Sources;

namespace Isr.Tests.Support;

/// <summary>A frame that was fed, and when its first sample sounded in truth.</summary>
internal readonly record struct FedFrame(SuppliedFrame Frame, DateTimeOffset Sounded);

/// <summary>
/// A server and the network in one: it plays sound in real time, or not quite, and delivers whole frames at
/// once, late, or in a burst. Positions are seconds of the stream since the connection.
/// </summary>
internal sealed class FedSource(RecordingHarness harness, StreamRecorder recorder, SourceMonitor monitor, FrameSupply supply, int skip = 0) : IFedSource
{
    private const int MaxUnsettledBytes = DiskBudget.UsualFileBytes / 2;

    private double _played;
    private double _delivered;
    private int _next = skip;
    private long _unsettledBytes;

    public SourceMonitor Monitor => monitor;

    public StreamRecorder Recorder => recorder;

    public bool IsConnected { get; private set; }

    /// <summary>What comes next; to be changed where the stream changes.</summary>
    public FrameSupply Supply { get; set; } = supply;

    /// <summary>
    /// Simulated time runs faster than the disk's thread looks: from time to time it is waited for, lest it seem
    /// that the disk does not keep up. To be switched off where the disk is to fail.
    /// </summary>
    public bool WaitsForDisk { get; set; } = true;

    /// <summary>Everything that was fed, in order.</summary>
    public List<FedFrame> Fed { get; } = [];

    /// <summary>Seconds of the programme that passed while nobody listened.</summary>
    public double Missed { get; private set; }

    /// <summary>The number of the frame that was fed first; -1 before.</summary>
    public int First { get; private set; } = -1;

    public void Connect(bool isFinite = false)
    {
        (_played, _delivered, IsConnected) = (0, 0, true);
        recorder.Connected(new StreamFacts { Url = "http://radio.example/live", ContentType = "audio/mpeg", IsFinite = isFinite });
    }

    /// <summary>So much sound at once, as a server gives on connecting.</summary>
    public ConnectionEnd? Burst(double seconds)
    {
        _played += seconds;
        return Deliver();
    }

    /// <summary>Sound in real time, delivered ten times a second.</summary>
    /// <param name="seconds">How long, by the true clock.</param>
    /// <param name="ppm">How much faster than true the source's crystal is.</param>
    public ConnectionEnd? Play(double seconds, double ppm = 0)
    {
        const double Step = 0.1;
        for (var i = 0; i < (int)Math.Round(seconds / Step); i++)
        {
            harness.Advance(Step);
            _played += Step * (1 + (ppm * 1e-6));
            if (Deliver() is { } end)
            {
                return end;
            }
        }

        return null;
    }

    /// <summary>The source stands still: no sound is made, none comes.</summary>
    public void Stall(double seconds) => Pass(seconds);

    /// <summary>The network stands still: sound is made, and comes afterwards all at once.</summary>
    public void Delay(double seconds)
    {
        Pass(seconds);
        _played += seconds;
        Deliver();
    }

    /// <summary>Nobody listens for a while; the programme goes on.</summary>
    public void Miss(double seconds)
    {
        Pass(seconds);
        for (var missed = 0.0; missed + (Supply(_next).Seconds / 2) < seconds; _next++)
        {
            missed += Supply(_next).Seconds;
            Missed += Supply(_next).Seconds;
        }
    }

    /// <summary>Goes back in the programme, to what a burst begins with.</summary>
    public void Rewind(double seconds)
    {
        for (var back = 0.0; back + (Supply(_next - 1).Seconds / 2) < seconds; _next--)
        {
            back += Supply(_next - 1).Seconds;
        }
    }

    public void Disconnect(ConnectionEnd? end = null)
    {
        IsConnected = false;
        recorder.Disconnected(end ?? new ConnectionEnd(EndCause.Ended, "the server closed the connection"));
    }

    private void Pass(double seconds)
    {
        for (var left = seconds; left > 1e-9; left -= 0.1)
        {
            harness.Advance(Math.Min(left, 0.1));
        }
    }

    private ConnectionEnd? Deliver()
    {
        var now = harness.Now;
        while (Supply(_next) is var frame && _delivered + frame.Seconds <= _played + 1e-9)
        {
            First = First < 0 ? _next : First;
            Fed.Add(new FedFrame(frame, now.AddSeconds(_delivered - _played + frame.SecondsBefore)));
            recorder.Frame(new Audio.AudioFrame(frame.Data.Span, frame.Samples, frame.Format, frame.Lost, frame.Unheard, frame.Position));
            _delivered += frame.Seconds;
            _unsettledBytes += frame.Data.Length;
            _next++;
        }

        var end = recorder.Arrived(harness.Time.GetTimestamp());
        Settle();
        return end;
    }

    private void Settle()
    {
        if (WaitsForDisk && _unsettledBytes > MaxUnsettledBytes)
        {
            _unsettledBytes = 0;
            harness.WrittenAsync().GetAwaiter().GetResult();
        }
    }
}
