using Isr.Audio;
using Isr.Configuration;
using Isr.Recording.Joining;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>
/// Decides, for one source, which file every frame belongs to. Frames are placed in time by the stream's
/// anchor, cut where the clock says, and handed to <see cref="SourceFiles"/>. All of it runs on the source's
/// task and never waits.
/// </summary>
internal sealed partial class SourceRecorder(
    SourceSettings settings,
    SourceFiles files,
    SourceMonitor monitor,
    WallClock clock,
    Ledger ledger,
    TimeProvider time,
    ILogger<SourceRecorder> logger) : IAudioSink
{
    /// <summary>The first audio of a connection is held until this long after its delivery came down to real time…</summary>
    private const double SteadySeconds = 0.6;

    /// <summary>…or this long at most.</summary>
    private const double MaxHoldSeconds = 1;

    /// <summary>Audio ahead of real time by more than this is no live stream, nor is a burst ever longer.</summary>
    private const double MaxAheadSeconds = 60;

    /// <summary>The same for a body that says its length.</summary>
    private const double MaxFiniteAheadSeconds = 20;

    /// <summary>A stream with more beginnings than this in <see cref="s_beginningsPeriod"/> would bury its archive in files.</summary>
    private const int MaxBeginnings = 30;
    private static readonly TimeSpan s_beginningsPeriod = TimeSpan.FromSeconds(10);

    /// <summary>By how much the first second of a connection may misjudge when its audio sounded.</summary>
    private const double MostClockError = 0.5;

    private static readonly TimeSpan s_diskRetry = TimeSpan.FromSeconds(5);

    private readonly SplitSchedule _schedule = new(settings.SplitInterval, clock.Zone);
    private readonly List<(double Position, string Title)> _heldTitles = [];
    private StreamFacts? _facts;
    private HeldFrames? _held;
    private StreamAnchor _anchor = new();
    private long _base;
    private double _positionBase;
    private long _positionSamples;
    private AudioFormat _positionFormat;
    private double _cutAt;
    private DateTimeOffset _boundary;
    private int _era;
    private RecentFrames _recent = new();
    private Doubling? _doubling;
    private Gap? _gap;
    private string? _lastDisconnect;
    private string? _lastTitle;
    private int _beginnings;
    private long _beginningsSince;
    private bool _diskFails;
    private long _diskFailedAt;

    public double AudioSeconds => _positionBase + (_positionFormat.SampleRate > 0 ? (double)_positionSamples / _positionFormat.SampleRate : 0);

    /// <summary>Goes on from what an earlier run recorded last; before the first connection.</summary>
    public void Resume(LastRecording last)
    {
        _recent = last.Frames;
        _gap = last.Gap;
        files.Resume(last.End);
    }

    public void Connected(StreamFacts facts)
    {
        _facts = facts;
        _held = new HeldFrames();
        _heldTitles.Clear();
        _doubling = null;
        _anchor = new StreamAnchor();
        _base = time.GetTimestamp();
        (_positionBase, _positionSamples, _positionFormat) = (0, 0, default);
        files.Forget();
        ledger.Append(new SourceConnected(settings.Name, facts.Url, facts.Name, facts.ContentType));
        monitor.Update(s => s with { StreamName = facts.Name });
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
            ledger.Append(new TitleHeard(settings.Name, ToUtc(_anchor.Offset + AudioSeconds), title));
        }
    }

    public ConnectionEnd? Arrived(long timestamp)
    {
        if (_positionFormat.SampleRate == 0)
        {
            return null;
        }

        var arrival = time.GetElapsedTime(_base, timestamp).TotalSeconds;
        if (_anchor.Observe(AudioSeconds, arrival) is { } stall)
        {
            TakeStall(stall);
        }

        if (_anchor.Ahead > (_facts!.IsFinite ? MaxFiniteAheadSeconds : MaxAheadSeconds))
        {
            return new ConnectionEnd(EndCause.NotLive, $"{_facts.Url} is no live stream: it sent {AudioSeconds:0} s of audio in {arrival - _anchor.FirstArrival:0} s");
        }

        if (_beginnings > MaxBeginnings)
        {
            _beginnings = 0;
            return new ConnectionEnd(EndCause.Broken, $"the stream from {_facts.Url} began anew more than {MaxBeginnings} times in {s_beginningsPeriod.TotalSeconds:0} s");
        }

        if (time.GetElapsedTime(_beginningsSince, timestamp) > s_beginningsPeriod)
        {
            (_beginnings, _beginningsSince) = (0, timestamp);
        }

        if (_held is not null && (_anchor.SteadyFor >= SteadySeconds || arrival - _anchor.FirstArrival >= MaxHoldSeconds))
        {
            Release();
        }

        Commit();
        return null;
    }

    public void Disconnected(ConnectionEnd end)
    {
        if (_held is not null && end.Cause != EndCause.NotLive && !(_facts?.IsFinite ?? false) && AudioSeconds > 0)
        {
            Release();
        }

        var cause = GapCause.Of(end.Cause);
        if (files.IsOpen)
        {
            Close(cause, EndOfStream());
        }

        _held = null;
        _gap ??= new Gap(cause, end.Sentence);
        (_positionBase, _positionSamples, _positionFormat) = (0, 0, default);

        // A server that stays away for a month is one line, not forty thousand.
        if (end.Sentence != _lastDisconnect || _facts is not null)
        {
            ledger.Append(new SourceDisconnected(settings.Name, cause, end.Sentence));
        }

        (_lastDisconnect, _facts) = (end.Sentence, null);
    }

    /// <summary>The start is known now: the held frames are placed as if they had just come.</summary>
    private void Release()
    {
        var held = _held!;
        var format = FormatText.Describe(held.Format, held.BitRate);
        _held = null;
        (_positionBase, _positionSamples, _positionFormat) = (0, 0, default);
        monitor.Update(s => s with
        {
            State = _diskFails ? SourceState.Disk : SourceState.Recording,
            Retries = 0,
            Format = format,
        });
        LogRecording(settings.Name, format, _facts?.Url);
        Join(held);
        held.ForEach(Place);

        foreach (var (position, title) in _heldTitles)
        {
            ledger.Append(new TitleHeard(settings.Name, ToUtc(_anchor.Offset + position), title));
        }

        _heldTitles.Clear();
    }

    /// <summary>
    /// Holds the connection's first frames against those recorded last: what comes again is dropped, and what is missing
    /// in between is known to the sample where the stream itself counts.
    /// </summary>
    private void Join(HeldFrames held)
    {
        if (_gap is null)
        {
            return;
        }

        var start = ToUtc(_anchor.Offset);
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
            _gap = _gap with { IsOverlapUnknown = true };
        }
    }

    /// <summary>The first frame that is new follows on the last one recorded.</summary>
    private void TakeSeam(Doubling doubling)
    {
        _doubling = null;
        if (_gap is null)
        {
            return;
        }

        if (!doubling.IsWhole)
        {
            _gap = _gap with { IsOverlapUnknown = true };
            return;
        }

        _gap = _gap with { Healed = new Healing(doubling.Frames, doubling.Seconds) };
        LogHealed(settings.Name, doubling.Seconds);
        if (files.End is { } end)
        {
            MoveTo(end, ToUtc(_anchor.Offset + AudioSeconds));
        }
    }

    /// <summary>The recorded audio knows the time of a frame better than a connection's first second does.</summary>
    private void MoveTo(DateTimeOffset known, DateTimeOffset reckoned)
    {
        var difference = (known - reckoned).TotalSeconds;
        if (_era == clock.Era && Math.Abs(difference) <= MostClockError)
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
        DateTimeOffset? reached = null;

        if (files.IsOpen)
        {
            if (frame.Format != files.Format)
            {
                _beginnings++;
                Close(frame.Format.IsLinkOf(files.Format) ? GapCause.Link : GapCause.Format, ToUtc(end));
            }
            else if (_era != clock.Era)
            {
                Close(GapCause.Clock, ToUtc(end));
            }
            else if (start >= _cutAt && frame.Samples > 0)
            {
                Close(GapCause.Split, ToUtc(end));
                reached = _boundary;
            }
        }

        if (!files.IsOpen && frame.Samples > 0 && (!_diskFails || time.GetElapsedTime(_diskFailedAt) >= s_diskRetry))
        {
            Open(frame, start, reached);
        }

        if (files.IsOpen)
        {
            files.Write(frame);
            _recent.Add(frame);
        }
        else
        {
            files.Observe(frame);
        }

        monitor.CountBytes(frame.Data.Length);
        Advance(frame.Format, frame.Samples);
    }

    /// <summary>A part of the stream did not come: the file ends before it, the next begins behind it.</summary>
    private void TakeLoss(AudioFormat format, long samples)
    {
        var sentence = samples > 0
            ? $"{samples} samples ({(double)samples / format.SampleRate:0.000} s) of the stream did not come"
            : "a part of the stream did not come; nothing tells how much";
        _beginnings++;
        if (files.IsOpen)
        {
            Close(GapCause.Lost, EndOfStream());
        }

        _gap ??= new Gap(GapCause.Lost, sentence);
        LogLoss(settings.Name, sentence);
        Advance(format, samples);
    }

    private void Open(in AudioFrame frame, double start, DateTimeOffset? reachedBoundary)
    {
        var at = ToUtc(start);
        var sameEra = _era == clock.Era;
        _era = clock.Era;

        // A burst reaches back into what the last connection recorded; the file is not named before that ended.
        var named = sameEra && files.End is { } end && end > at ? end : at;

        // The first frame at a boundary begins up to a frame after it; the file bears the boundary's name.
        var atBoundary = reachedBoundary is { } boundary && at - boundary < TimeSpan.FromSeconds(1);
        if (atBoundary)
        {
            named = reachedBoundary!.Value;
        }

        _boundary = _schedule.NextBoundary(named > at ? named : at);
        SetCut();
        files.Open(
            frame,
            new FileStart(clock.ToLocal(at), TimestampOf(start), clock.State != ClockState.Unsynchronised),
            clock.ToLocal(named),
            _gap,
            sameEra);
        _gap = null;
    }

    private void Close(string how, DateTimeOffset end)
    {
        if (files.Close(how, end) is { } failure)
        {
            TakeDiskFailure(failure);
        }
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

    private void Commit()
    {
        SetCut();
        if (files.Commit() is { } failure)
        {
            TakeDiskFailure(failure);
        }
        else if (_diskFails && files.IsWritten)
        {
            _diskFails = false;
            LogDiskWorks(settings.Name);
            monitor.Update(s => s with { State = SourceState.Recording });
        }
    }

    private void TakeDiskFailure(string failure)
    {
        _diskFailedAt = time.GetTimestamp();
        _recent.Clear();
        _gap ??= new Gap(GapCause.Disk, failure);
        if (!_diskFails)
        {
            _diskFails = true;
            LogDiskFails(settings.Name, failure, s_diskRetry.TotalSeconds);
        }

        monitor.Update(s => s with { State = SourceState.Disk, Error = failure });
    }

    private void TakeStall(SourceStall stall)
    {
        LogStall(settings.Name, stall.Seconds);
        var (file, sample) = files.PlaceBefore((long)((AudioSeconds - stall.Position) * _positionFormat.SampleRate));
        ledger.Append(new StallFound(
            settings.Name, file, sample, ToUtc(_anchor.Offset - stall.Seconds + stall.Position), Math.Round(stall.Seconds, 3)));
    }

    private DateTimeOffset EndOfStream() => ToUtc(_anchor.Offset + AudioSeconds);

    /// <summary>The boundary on the connection's own clock; anew after every arrival, since the wall clock is slewed.</summary>
    private void SetCut() => _cutAt = (_boundary - clock.ToUtc(_base)).TotalSeconds;

    private DateTimeOffset ToUtc(double seconds) => clock.ToUtc(TimestampOf(seconds));

    private long TimestampOf(double seconds) => _base + (long)Math.Round(seconds * time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Error, Message = "[{Source}] cannot be recorded: {Reason}; tried again every {Seconds:0} s")]
    private partial void LogDiskFails(string source, string reason, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] recording {Format} from {Url}")]
    private partial void LogRecording(string source, string format, string? url);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] is recorded again")]
    private partial void LogDiskWorks(string source);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] nothing is missing: the new connection began {Seconds:0.0} s before the end of the last one")]
    private partial void LogHealed(string source, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] {Sentence}")]
    private partial void LogLoss(string source, string sentence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] stood still for {Seconds:0.0} s: that much is missing in the file")]
    private partial void LogStall(string source, double seconds);
}
