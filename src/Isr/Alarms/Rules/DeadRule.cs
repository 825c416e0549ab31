using Isr.Sources;

namespace Isr.Alarms.Rules;

/// <summary>A source of which nothing is recorded though it should be: whatever it says it does, its bytes stand still or reach no file.</summary>
internal sealed class DeadRule : AlarmRule
{
    /// <summary>Ogg pages, and what a busy disk or network holds up, come with pauses.</summary>
    private static readonly TimeSpan s_usualPause = TimeSpan.FromSeconds(5);

    /// <summary>A connection that breaks again at once is no end.</summary>
    private static readonly TimeSpan s_longestEnd = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _after;
    private readonly TimeSpan _pause;
    private TimeSpan _quiet;
    private long? _bytes;
    private SourceStatus? _status;

    public DeadRule(string source, TimeSpan after, bool isActive = false)
        : base(AlarmKind.Dead, source, new AlarmCondition(after - PauseOf(after), after < s_longestEnd ? after : s_longestEnd, isActive)) =>
        (_after, _pause) = (after, PauseOf(after));

    public override TimeSpan Ago => IsActive ? _quiet : base.Ago;

    public override string Sentence => $"Nothing of {Source} has been recorded for {Length(_after)}: {Why(_status)}.";

    public override string Ending(TimeSpan lasted) => $"{Source} is recorded again after {Length(lasted)}.";

    public override IReadOnlyDictionary<string, double> Values => new Dictionary<string, double>(StringComparer.Ordinal) { ["seconds"] = _after.TotalSeconds };

    /// <summary>Takes what the source does now. True when the alarm begins or ends.</summary>
    /// <param name="status">What it does.</param>
    /// <param name="by">How long since the last time.</param>
    public bool Observe(SourceStatus status, TimeSpan by)
    {
        var isFirst = _bytes is null;
        var isRecorded = status.State == SourceState.Recording && (isFirst || status.Bytes != _bytes);
        (_status, _bytes) = (status, status.Bytes);
        _quiet = isRecorded ? TimeSpan.Zero : _quiet + by;
        var holds = _quiet >= _pause;

        // What it has been quiet for before it counts is time of the pause.
        return Condition.Advance(holds, by);
    }

    private static TimeSpan PauseOf(TimeSpan after) => after / 2 < s_usualPause ? after / 2 : s_usualPause;

    private static string Why(SourceStatus? status)
    {
        var error = status?.Error?.TrimEnd('.');
        return status?.State switch
        {
            SourceState.Recording => "it is connected, and no sound comes",
            SourceState.Disk => error is null ? "the disk does not take it" : $"the disk does not take it ({error})",
            SourceState.Stopped => error is null ? "it was given up" : $"it was given up ({error})",
            _ => error ?? "there is no connection",
        };
    }
}
