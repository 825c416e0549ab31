using Isr.Audio;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Recording.Live;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>
/// Decides, for one source, which file a frame belongs to once it is known when that frame sounded: opens, cuts at the clock's
/// boundaries, at every change of the format and of the clock, and goes on after a disk has failed. Times are seconds on the
/// monotonic clock since the connection began. All of it runs on the source's task and never waits.
/// </summary>
internal sealed partial class FileCutter(
    SourceSettings settings, SourceFiles files, SourceMonitor monitor, WallClock clock, Ledger ledger, TimeProvider time, ILogger<FileCutter> logger, LiveTap? tap = null)
{
    /// <summary>A source with more beginnings than this in <see cref="s_beginningsPeriod"/> would bury its archive in files.</summary>
    private const int MaxBeginnings = 30;
    private static readonly TimeSpan s_beginningsPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_diskRetry = TimeSpan.FromSeconds(5);

    private readonly SplitSchedule _schedule = new(settings.SplitInterval, clock.Zone);
    private long _base;
    private StreamFacts? _facts;
    private string? _lastDisconnect;
    private DateTimeOffset _boundary;
    private int _era;
    private Gap? _gap;
    private int _beginnings;
    private long _beginningsSince;
    private bool _diskFails;
    private long _diskFailedAt;

    /// <summary>Raised when a file could not take what it was given.</summary>
    public event Action? DiskFailed;

    /// <summary>Where the present file ends, unless something ends it before.</summary>
    public double CutAt { get; private set; }

    /// <summary>Why something is missing before the next file; null when nothing is.</summary>
    public Gap? Gap => _gap;

    /// <summary>The clock was not set since the present file was opened, or the last one.</summary>
    public bool IsSameEra => _era == clock.Era;

    /// <summary>A new connection: times are counted from now.</summary>
    public void Connect(StreamFacts facts)
    {
        (_base, _facts) = (time.GetTimestamp(), facts);
        ledger.Append(new SourceConnected(settings.Name, facts.Url, facts.Name, facts.ContentType));
        monitor.Update(s => s with { StreamName = facts.Name });
    }

    /// <summary>The connection's audio is understood, and recorded from here on.</summary>
    public void Announce(string format)
    {
        monitor.Update(s => s with { State = _diskFails ? SourceState.Disk : SourceState.Recording, Retries = 0, Format = format });
        LogRecording(settings.Name, format, _facts?.Url);
    }

    /// <summary>The connection has ended: so does its file.</summary>
    /// <param name="end">Why.</param>
    /// <param name="endSeconds">When its last audio had sounded.</param>
    public void Disconnect(ConnectionEnd end, double endSeconds)
    {
        var cause = GapCause.Of(end.Cause);
        Close(cause, endSeconds);
        Miss(new Gap(cause, end.Sentence));

        // A server that stays away for a month is one line, not forty thousand.
        if (end.Sentence != _lastDisconnect || _facts is not null)
        {
            ledger.Append(new SourceDisconnected(settings.Name, cause, end.Sentence));
        }

        (_lastDisconnect, _facts) = (end.Sentence, null);
        tap?.Disconnected();
    }

    public double SecondsAt(long timestamp) => time.GetElapsedTime(_base, timestamp).TotalSeconds;

    public DateTimeOffset ToUtc(double seconds) => clock.ToUtc(TimestampOf(seconds));

    /// <summary>Something is missing before the next file; the first reason for it stays.</summary>
    public void Miss(Gap gap) => _gap ??= gap;

    /// <summary>More is known of what is missing before the next file.</summary>
    public void Explain(Gap gap) => _gap = gap;

    /// <summary>
    /// Puts a frame into the file that it belongs to. False when no file took it: one that has no samples begins none, and
    /// a disk that failed is not tried again at once.
    /// </summary>
    /// <param name="frame">The frame.</param>
    /// <param name="end">When the one before it had sounded.</param>
    /// <param name="start">When it begins to sound.</param>
    public bool Place(in AudioFrame frame, double end, double start)
    {
        tap?.Add(frame);
        DateTimeOffset? reached = null;
        if (files.IsOpen)
        {
            if (frame.Format != files.Format)
            {
                _beginnings++;
                Close(frame.Format.IsLinkOf(files.Format) ? GapCause.Link : GapCause.Format, end);
            }
            else if (!IsSameEra)
            {
                Close(GapCause.Clock, end);
            }
            else if (start >= CutAt && frame.Samples > 0)
            {
                Close(GapCause.Split, end);
                reached = _boundary;
            }
        }

        if (!files.IsOpen && frame.Samples > 0 && (!_diskFails || time.GetElapsedTime(_diskFailedAt) >= s_diskRetry))
        {
            Open(frame, start, reached);
        }

        if (!files.IsOpen)
        {
            files.Observe(frame);
            return false;
        }

        files.Write(frame);
        return true;
    }

    /// <summary>A part of the source's audio did not come: the file ends before it, the next begins behind it.</summary>
    public void Lose(double end, string sentence)
    {
        _beginnings++;
        Close(GapCause.Lost, end);
        Miss(new Gap(GapCause.Lost, sentence));
        LogLoss(settings.Name, sentence);
    }

    /// <summary>Sound is missing inside what was recorded, that the source never gave.</summary>
    /// <param name="samples">So many samples before the newest one.</param>
    /// <param name="from">When it begins.</param>
    /// <param name="seconds">How much.</param>
    public void Stall(long samples, double from, double seconds)
    {
        LogStall(settings.Name, seconds);
        var (file, sample) = files.PlaceBefore(samples);
        ledger.Append(new StallFound(settings.Name, file, sample, ToUtc(from), Math.Round(seconds, 3)));
    }

    /// <summary>Ends the present file, if there is one, for a reason that is a word of <see cref="GapCause"/>.</summary>
    public void Close(string how, double end)
    {
        if (files.IsOpen && files.Close(how, ToUtc(end)) is { } failure)
        {
            TakeDiskFailure(failure);
        }
    }

    /// <summary>What ends the connection when files begin too often to go on like this; null while they do not.</summary>
    public ConnectionEnd? EndIfRestless(long timestamp)
    {
        if (_beginnings > MaxBeginnings)
        {
            _beginnings = 0;
            return new ConnectionEnd(EndCause.Broken, $"the audio from {_facts?.Url} began anew more than {MaxBeginnings} times in {s_beginningsPeriod.TotalSeconds:0} s");
        }

        if (time.GetElapsedTime(_beginningsSince, timestamp) > s_beginningsPeriod)
        {
            (_beginnings, _beginningsSince) = (0, timestamp);
        }

        return null;
    }

    /// <summary>A connection that the source itself made anew.</summary>
    public void CountBeginning() => _beginnings++;

    /// <summary>Gives the disk's thread what was placed.</summary>
    public void Commit()
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

    private void Open(in AudioFrame frame, double start, DateTimeOffset? reachedBoundary)
    {
        var at = ToUtc(start);
        var sameEra = IsSameEra;
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

    private void TakeDiskFailure(string failure)
    {
        _diskFailedAt = time.GetTimestamp();
        Miss(new Gap(GapCause.Disk, failure));
        if (!_diskFails)
        {
            _diskFails = true;
            LogDiskFails(settings.Name, failure, s_diskRetry.TotalSeconds);
        }

        DiskFailed?.Invoke();
        monitor.Update(s => s with { State = SourceState.Disk, Error = failure });
    }

    /// <summary>The boundary on the connection's own clock; anew after every arrival, since the wall clock is slewed.</summary>
    private void SetCut() => CutAt = (_boundary - clock.ToUtc(_base)).TotalSeconds;

    private long TimestampOf(double seconds) => _base + (long)Math.Round(seconds * time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Error, Message = "[{Source}] cannot be recorded: {Reason}; tried again every {Seconds:0} s")]
    private partial void LogDiskFails(string source, string reason, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] recording {Format} from {Url}")]
    private partial void LogRecording(string source, string format, string? url);

    [LoggerMessage(Level = LogLevel.Information, Message = "[{Source}] is recorded again")]
    private partial void LogDiskWorks(string source);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] stood still for {Seconds:0.0} s: that much is missing in the file")]
    private partial void LogStall(string source, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] {Sentence}")]
    private partial void LogLoss(string source, string sentence);
}
