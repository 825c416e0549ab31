using Isr.Catalog.Keeping;
using Isr.Recording.Time;

namespace Isr.Catalog.Retention;

/// <summary>
/// Deletes by itself what is not to be kept: a minute after the start, every hour, and within a minute of the disk being short. The trash is emptied
/// of what is older than a week even where no limit is set.
/// </summary>
internal sealed partial class RetentionService(
    RetentionRun run, RetentionSurvey survey, LevelOrphans orphans, RecordingsMarker marker, TrashFolder trash, Keeper keeper, WallClock clock, TimeProvider time, ILogger<RetentionService> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_period = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_orphans = TimeSpan.FromDays(1);

    private long? _stepped;

    /// <summary>A clock that was set may be set again: for an hour it is not trusted with ages.</summary>
    private ClockState Clock => _stepped is { } at && time.GetElapsedTime(at) < s_period ? ClockState.Unsynchronised : clock.State;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        clock.Stepped += _ => _stepped = time.GetTimestamp();
        keeper.Retention = cancellationToken => run.RunAsync(Clock, cancellationToken);
        Try(Prepare);
        using var timer = new PeriodicTimer(s_look, time);
        long? ran = null;
        long? cleaned = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Try(marker.Make);
                if (ran is null || time.GetElapsedTime(ran.Value) >= s_period || survey.IsShort())
                {
                    ran = time.GetTimestamp();
                    await TryAsync(() => run.RunAsync(Clock, stoppingToken));
                }

                if (cleaned is null || time.GetElapsedTime(cleaned.Value) >= s_orphans)
                {
                    cleaned = time.GetTimestamp();
                    await TryAsync(() => orphans.RemoveAsync(stoppingToken));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Prepare()
    {
        marker.Make();
        trash.Tidy();
    }

    /// <summary>Whatever goes wrong here must not end the program, which records.</summary>
    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(e.Message);
        }
    }

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What is not to be kept could not be deleted; it is tried again: {Reason}")]
    private partial void LogFailed(string reason);
}
