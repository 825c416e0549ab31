using Isr.Audio;
using Isr.Configuration;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>
/// Says, for one soundcard, when every sample was taken, by the card's own time stamps, and divides what comes at the clock's
/// boundaries, exactly to the sample. <see cref="FileCutter"/> then puts the parts into their files. All of it runs on the
/// source's task and never waits.
/// </summary>
internal sealed class CardRecorder(SourceSettings settings, SourceFiles files, FileCutter cutter, SourceMonitor monitor) : IAudioSink
{
    /// <summary>The first audio of a connection is held until so much later, so that its time does not hang on one time stamp.</summary>
    private const double HoldSeconds = 0.6;

    private HeldFrames? _held;
    private DeviceClock? _clock;
    private AudioFormat _format;
    private long _position;
    private double _secondsBefore;
    private double _toldDrift = double.NaN;

    /// <summary>What came before an overrun counts: the device was not opened anew.</summary>
    public double AudioSeconds => _secondsBefore + SecondsNow;

    private double SecondsNow => _format.SampleRate > 0 ? (double)_position / _format.SampleRate : 0;

    public void Connected(StreamFacts facts)
    {
        _held = new HeldFrames();
        _position = 0;
        _clock?.Restart();
        files.Forget();
        cutter.Connect(facts);
    }

    public void Frame(in AudioFrame frame)
    {
        if (_format.SampleRate != frame.Format.SampleRate)
        {
            _clock = new DeviceClock(frame.Format.SampleRate);
        }

        _format = frame.Format;
        if (_held is null)
        {
            Place(frame);
        }
        else
        {
            _held.Add(frame);
            _position += frame.Samples + (frame.Lost ?? 0);
        }
    }

    public void Skipped(long bytes) => monitor.CountSkippedBytes(bytes);

    /// <summary>Soundcards have no titles.</summary>
    public void Title(string title)
    {
    }

    public ConnectionEnd? Arrived(long timestamp)
    {
        if (_clock is not { } clock || _position == 0)
        {
            return null;
        }

        var now = cutter.SecondsAt(timestamp);
        if (clock.Observe(_position, now) is { } jump)
        {
            var since = SecondsNow - jump.Position;
            cutter.Stall((long)(since * _format.SampleRate), clock.TimeOf(_position) - since - jump.Seconds, jump.Seconds);
        }

        if (clock.DriftPpm is { } drift)
        {
            files.SetDrift(drift);
            TellDrift(Math.Round(drift, 1));
        }

        if (cutter.EndIfRestless(timestamp) is { } restless)
        {
            return restless;
        }

        if (_held is not null && now - clock.FirstNoted >= HoldSeconds)
        {
            Release(clock);
        }

        cutter.Commit();
        return null;
    }

    public void Disconnected(ConnectionEnd end)
    {
        if (_clock is { IsSet: true } clock)
        {
            if (_held is not null)
            {
                Release(clock);
            }

            cutter.Disconnect(end, clock.TimeOf(_position));
        }
        else
        {
            cutter.Disconnect(end, 0);
        }

        if (end.Cause == EndCause.Overrun)
        {
            cutter.CountBeginning();
        }

        _secondsBefore = end.Cause == EndCause.Overrun ? AudioSeconds : 0;
        _held = null;
        _clock?.Restart();
        _position = 0;
    }

    private void TellDrift(double ppm)
    {
        if (ppm != _toldDrift)
        {
            _toldDrift = ppm;
            monitor.Update(s => s with { DriftPpm = ppm });
        }
    }

    /// <summary>The start is known now: the held frames are placed as if they had just come.</summary>
    private void Release(DeviceClock clock)
    {
        var held = _held!;
        _held = null;
        _position = 0;
        cutter.Announce(FormatText.Describe(held.Format, held.BitRate));
        held.ForEach((in AudioFrame frame) => Place(frame, clock));
    }

    private void Place(in AudioFrame frame) => Place(frame, _clock!);

    private void Place(in AudioFrame frame, DeviceClock clock)
    {
        if (frame.Lost is { } lost)
        {
            cutter.Lose(clock.TimeOf(_position), $"{lost} samples ({(double)lost / frame.Format.SampleRate:0.000} s) of {settings.Device} were dropped: this computer did not keep up");
            _position += lost;
        }

        var moment = frame.Data.Length / frame.Samples;
        var rest = frame.Data;
        while (!rest.IsEmpty)
        {
            // A part that begins a file is short against any split.
            var most = Math.Min(rest.Length / moment, Math.Max(1, frame.Format.SampleRate / 10));
            var toCut = files.IsOpen ? clock.FirstSampleAt(cutter.CutAt) - _position : 0;
            var samples = toCut > 0 ? (int)Math.Min(toCut, rest.Length / moment) : most;
            var start = clock.TimeOf(_position);
            cutter.Place(new AudioFrame(rest[..(samples * moment)], samples, frame.Format), start, start);
            rest = rest[(samples * moment)..];
            _position += samples;
        }

        monitor.CountBytes(frame.Data.Length);
    }
}
