namespace Isr.Catalog.Keeping;

/// <summary>When a mark's stretch sounded, by what is known of its recording.</summary>
internal static class MarkTimes
{
    /// <summary>No recording is longer; more would be more than a time can be.</summary>
    private const double MostSeconds = 366 * 86_400.0;

    public static DateTimeOffset After(DateTimeOffset start, double seconds) => start.AddTicks((long)(Math.Min(seconds, MostSeconds) * TimeSpan.TicksPerSecond));

    /// <summary>The mark with its source and times; null, and the refusal, where it does not fit its recording.</summary>
    /// <param name="mark">As it was sent.</param>
    /// <param name="recording">What its file is; null when there is none.</param>
    /// <param name="before">The mark in whose place it comes.</param>
    public static (Mark? Mark, KeepAnswer Answer) Fill(Mark mark, RecordingItem? recording, Mark? before)
    {
        if (recording is null)
        {
            // It may be gone since it was marked: what was written of it stays.
            return before is not null && before.File == mark.File && (before.Start, before.End) == (mark.Start, mark.End)
                ? (mark with { Source = before.Source, From = before.From, To = before.To }, KeepAnswer.Done)
                : mark is { Source: not null, From: not null } ? (mark, KeepAnswer.Done) : (null, new KeepAnswer(KeepStatus.NotFound, $"There is no recording {mark.File}."));
        }

        if (recording is { Duration: { } seconds } && mark.Start >= seconds)
        {
            return (null, new KeepAnswer(KeepStatus.Invalid, $"start lies behind the end of {mark.File}."));
        }

        return recording.Started is not { } started ? (mark with { Source = recording.Source, From = null, To = null }, KeepAnswer.Done) : (mark with
        {
            Source = recording.Source,
            From = After(started, mark.Start ?? 0),
            To = (mark.End ?? recording.Duration) is { } end ? After(started, Math.Min(end, recording.Duration ?? end)) : null,
        }, KeepAnswer.Done);
    }
}
