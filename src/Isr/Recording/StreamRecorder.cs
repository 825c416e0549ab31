using Isr.Audio;
using Isr.Configuration;
using Isr.Recording.Joining;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>
/// Says, for one stream, when every frame sounded: by the stream's anchor, and at a new connection by what was recorded
/// before it. <see cref="FileCutter"/> then puts the frame into its file. All of it runs on the source's task and never waits.
/// </summary>
internal sealed partial class StreamRecorder(
    SourceSettings settings,
    SourceFiles files,
    FileCutter cutter,
    SourceMonitor monitor,
    Ledger ledger,
    ILogger<StreamRecorder> logger) : IAudioSink
{
    /// <summary>The first audio of a connection is held until this long after its delivery came down to real time…</summary>
    private const double SteadySeconds = 0.6;

    /// <summary>…or this long at most.</summary>
    private const double MaxHoldSeconds = 1;

    /// <summary>Audio ahead of real time by more than this is no live stream, nor is a burst ever longer.</summary>
    private const double MaxAheadSeconds = 60;

    /// <summary>The same for a body that says its length.</summary>
    private const double MaxFiniteAheadSeconds = 20;

    /// <summary>By how much the first second of a connection may misjudge when its audio sounded.</summary>
    private const double MostClockError = 0.5;

    private readonly List<(double Position, string Title)> _heldTitles = [];
    private StreamFacts? _facts;
    private HeldFrames? _held;
    private StreamAnchor _anchor = new();
    private double _positionBase;
    private long _positionSamples;
    private AudioFormat _positionFormat;
    private RecentFrames _recent = new();
    private Doubling? _doubling;
    private string? _lastTitle;

    public double AudioSeconds => _positionBase + (_positionFormat.SampleRate > 0 ? (double)_positionSamples / _positionFormat.SampleRate : 0);

    /// <summary>Goes on from what an earlier run recorded last; before the first connection.</summary>
    public void Resume(LastRecording last)
    {
        _recent = last.Frames;
        cutter.Explain(last.Gap);
        files.Resume(last.End);
    }

    /// <summary>What came last did not get into its file: nothing is joined to it.</summary>
    public void ForgetRecent() => _recent.Clear();

    public void Connected(StreamFacts facts)
    {
        _facts = facts;
        _held = new HeldFrames();
        _heldTitles.Clear();
        _doubling = null;
        _anchor = new StreamAnchor();
        (_positionBase, _positionSamples, _positionFormat) = (0, 0, default);
        files.Forget();
        cutter.Connect(facts);
    }

    public void Frame(in AudioFrame frame)
    {
        if (_held is not null)
        {
            _held.Add(frame);
            Advance(frame.Format, frame.Unheard + frame.Samples + (frame.Lost ?? 0));
        }
        else
        {
            Place(frame);
        }
    }

    public void Skipped(long bytes) => monitor.CountSkippedBytes(bytes);

    public void Title(string title)
    {
        if (title == (_lastTitle ?? ""))
        {
            return;
        }

        _lastTitle = title;
        monitor.Update(s => s with { Title = title, Titles = s.Titles + 1 });
        if (_held is not null)
        {
            _heldTitles.Add((AudioSeconds, title));
        }
        else
        {
            ledger.Append(new TitleHeard(settings.Name, cutter.ToUtc(_anchor.Offset + AudioSeconds), title));
        }
    }

    public ConnectionEnd? Arrived(long timestamp)
    {
        if (_positionFormat.SampleRate == 0)
        {
            return null;
        }

        var arrival = cutter.SecondsAt(timestamp);
        if (_anchor.Observe(AudioSeconds, arrival) is { } stall)
        {
            var samples = (long)((AudioSeconds - stall.Position) * _positionFormat.SampleRate);
            cutter.Stall(samples, _anchor.Offset - stall.Seconds + stall.Position, stall.Seconds);
        }

        if (_anchor.Ahead > (_facts!.IsFinite ? MaxFiniteAheadSeconds : MaxAheadSeconds))
        {
            return new ConnectionEnd(EndCause.NotLive, $"{_facts.Url} is no live stream: it sent {AudioSeconds:0} s of audio in {arrival - _anchor.FirstArrival:0} s");
        }

        if (cutter.EndIfRestless(timestamp) is { } restless)
        {
            return restless;
        }

        if (_held is not null && (_anchor.SteadyFor >= SteadySeconds || arrival - _anchor.FirstArrival >= MaxHoldSeconds))
        {
            Release();
        }

        cutter.Commit();
        return null;
    }

    public void Disconnected(ConnectionEnd end)
    {
        if (_held is not null && end.Cause != EndCause.NotLive && !(_facts?.IsFinite ?? false) && AudioSeconds > 0)
        {
            Release();
        }

        cutter.Disconnect(end, _anchor.Offset + AudioSeconds);
        _held = null;
        (_positionBase, _positionSamples, _positionFormat) = (0, 0, default);
        _facts = null;
    }

    /// <summary>The start is known now: the held frames are placed as if they had just come.</summary>
    private void Release()
    {
        var held = _held!;
        var format = FormatText.Describe(held.Format, held.BitRate);
        _held = null;
        (_positionBase, _positionSamples, _positionFormat) = (0, 0, default);
        cutter.Announce(format);
        Join(held);
        held.ForEach(Place);

        foreach (var (position, title) in _heldTitles)
        {
            ledger.Append(new TitleHeard(settings.Name, cutter.ToUtc(_anchor.Offset + position), title));
        }

        _heldTitles.Clear();
    }

    /// <summary>
    /// Holds the connection's first frames against those recorded last: what comes again is dropped, and what is missing
    /// in between is known to the sample where the stream itself counts.
    /// </summary>
    private void Join(HeldFrames held)
    {
        if (cutter.Gap is not { } gap)
        {
            return;
        }

        var start = cutter.ToUtc(_anchor.Offset);
        var gapByClock = files.End is { } known ? (start - known).TotalSeconds : double.NaN;
        var seam = Seam.Find(_recent, held.ToPrints(), held.Start, held.Format.SampleRate, gapByClock);
        if (seam.DoubledFrom is { } index)
        {
            _doubling = new Doubling(_recent, index);
        }
        else if (seam.Missing is { } missing && files.End is { } end)
        {
            MoveTo(end.AddSeconds((double)missing / held.Format.SampleRate), start);
        }
        else if (gapByClock < -MostClockError)
        {
            cutter.Explain(gap with { IsOverlapUnknown = true });
        }
    }

    /// <summary>The first frame that is new follows on the last one recorded.</summary>
    private void TakeSeam(Doubling doubling)
    {
        _doubling = null;
        if (cutter.Gap is not { } gap)
        {
            return;
        }

        if (!doubling.IsWhole)
        {
            cutter.Explain(gap with { IsOverlapUnknown = true });
            return;
        }

        cutter.Explain(gap with { Healed = new Healing(doubling.Frames, doubling.Seconds) });
        LogHealed(settings.Name, doubling.Seconds);
        if (files.End is { } end)
        {
            MoveTo(end, cutter.ToUtc(_anchor.Offset + AudioSeconds));
        }
    }

    /// <summary>The recorded audio knows the time of a frame better than a connection's first second does.</summary>
    private void MoveTo(DateTimeOffset known, DateTimeOffset reckoned)
    {
        var difference = (known - reckoned).TotalSeconds;
        if (cutter.IsSameEra && Math.Abs(difference) <= MostClockError)
        {
            _anchor.Move(difference);
        }
    }

    private void Place(in AudioFrame frame)
    {
        if (_doubling is { } doubling)
        {
            if (doubling.Takes(frame))
            {
                files.Repeat(frame);
                Advance(frame.Format, (frame.Lost ?? 0) + frame.Unheard + frame.Samples);
                return;
            }

            TakeSeam(doubling);
        }

        if (frame.Lost is { } lost)
        {
            TakeLoss(frame.Format, lost);
        }

        var end = _anchor.Offset + AudioSeconds;
        Advance(frame.Format, frame.Unheard);
        var start = _anchor.Offset + AudioSeconds;
        if (cutter.Place(frame, end, start))
        {
            _recent.Add(frame);
        }

        monitor.CountBytes(frame.Data.Length);
        Advance(frame.Format, frame.Samples);
    }

    private void TakeLoss(AudioFormat format, long samples)
    {
        cutter.Lose(_anchor.Offset + AudioSeconds, samples > 0
            ? $"{samples} samples ({(double)samples / format.SampleRate:0.000} s) of the stream did not come"
            : "a part of the stream did not come; nothing tells how much");
        Advance(format, samples);
    }

    private void Advance(AudioFormat format, long samples)
    {
        if (format.SampleRate != _positionFormat.SampleRate)
        {
            (_positionBase, _positionSamples) = (AudioSeconds, 0);
        }

        _positionFormat = format;
        _positionSamples += samples;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] nothing is missing: the new connection began {Seconds:0.0} s before the end of the last one")]
    private partial void LogHealed(string source, double seconds);
}
