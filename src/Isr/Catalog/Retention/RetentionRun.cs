using Isr.Catalog.Keeping;
using Isr.Recording.Time;

namespace Isr.Catalog.Retention;

/// <summary>Deletes what a plan says, a file at a time, each looked at again before it goes.</summary>
internal sealed partial class RetentionRun(RetentionSurvey survey, Keeper keeper, RecordingsMarker marker, TimeProvider time, ILogger<RetentionRun> logger) : IDisposable
{
    public const string By = "retention";

    /// <summary>Between two files, so that a disk which is slow to delete has time to record.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private string? _saidDoubt;
    private string _saidShortfalls = "";

    public async Task<KeepAnswer> RunAsync(ClockState clock, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var (plan, report) = survey.Look(clock);
            Say(report, plan);
            return report.Doubt is { } doubt ? new KeepAnswer(KeepStatus.Conflict, "Nothing is deleted. " + doubt) : await CarryOutAsync(plan, cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<KeepAnswer> CarryOutAsync(RetentionPlan plan, CancellationToken cancellationToken)
    {
        var (count, bytes, refused) = (0, 0L, 0);
        string? reason = null;
        foreach (var removal in plan.Removals)
        {
            // Its disk may go at any moment.
            if (marker.WhyNot() is { } gone)
            {
                reason = gone;
                break;
            }

            var answer = removal.Item is { } item ? keeper.PurgeItem(item, By, removal.Why) : keeper.PurgeRecording(survey.Marked(removal.Name), By, removal.Why);
            (count, bytes) = (count + answer.Count, bytes + answer.Bytes);
            if (answer is { IsDone: false, Status: not KeepStatus.NotFound })
            {
                refused++;
                reason ??= $"{removal.Name}: {answer.Sentence}";
            }

            await Task.Delay(s_pause, time, cancellationToken);
        }

        if (count > 0)
        {
            var size = RetentionPlan.Gigabytes(bytes);
            LogDeleted(count, size);
        }

        if (reason is not null)
        {
            LogRefused(refused, reason);
        }

        return new KeepAnswer(KeepStatus.Done, reason) { Count = count, Bytes = bytes };
    }

    private void Say(RetentionReport report, RetentionPlan plan)
    {
        if (report.Doubt is { } doubt && doubt != _saidDoubt)
        {
            LogDoubt(doubt);
        }

        _saidDoubt = report.Doubt;
        var shortfalls = string.Join(' ', plan.Shortfalls);
        if (shortfalls.Length > 0 && _saidShortfalls.Length == 0)
        {
            LogShortfall(shortfalls);
        }

        _saidShortfalls = shortfalls;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} recordings that are not to be kept were deleted: {Size}")]
    private partial void LogDeleted(int count, string size);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} recordings that are not to be kept could not be deleted: {Reason}")]
    private partial void LogRefused(int count, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Nothing is deleted by itself for now: {Doubt}")]
    private partial void LogDoubt(string doubt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Shortfall}")]
    private partial void LogShortfall(string shortfall);
}
