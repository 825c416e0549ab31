using Isr.Alarms.Health;

namespace Isr.Alarms.Webhooks;

/// <summary>
/// Fetches an address every minute while all is well: health is, and no alarm goes on. Whoever waits for it there notices by its absence also
/// what this program cannot tell: that it hangs, or the computer is off, or the network is gone. The first comes a minute after the start, so that
/// a program which dies at once again and again is not taken for one that works.
/// </summary>
internal sealed partial class HeartbeatSender(WebhookTarget target, WebhookClient client, HealthWatch health, AlarmBook book, AlarmFigures figures, TimeProvider time, ILogger<HeartbeatSender> logger)
    : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private string? _reason;
    private bool _fails;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await BeatAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task BeatAsync(CancellationToken stoppingToken)
    {
        var reason = WhyNot();
        if (reason is not null && _reason is null)
        {
            LogPaused(reason);
        }
        else if (reason is null && _reason is not null)
        {
            LogResumed();
        }

        _reason = reason;
        figures.IsBeating = reason is null;
        if (reason is not null)
        {
            return;
        }

        var result = await client.GetAsync(target, stoppingToken);
        stoppingToken.ThrowIfCancellationRequested();
        var isAnswered = result.Outcome == SendOutcome.Delivered;
        figures.CountHeartbeat(isAnswered);
        if (!isAnswered && !_fails)
        {
            LogFails(target, result.Sentence);
        }
        else if (isAnswered && _fails)
        {
            LogWorks(target);
        }

        _fails = !isAnswered;
    }

    private string? WhyNot() =>
        book.Active is [var alarm, ..] ? alarm.Sentence
        : health.Report().Checks.FirstOrDefault(check => check.Status != HealthReport.Ok)?.Sentence;

    [LoggerMessage(Level = LogLevel.Warning, Message = "No heartbeat is sent while this lasts: {Reason}")]
    private partial void LogPaused(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "All is well: heartbeats are sent again")]
    private partial void LogResumed();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The heartbeat to {Target} {Reason}")]
    private partial void LogFails(WebhookTarget target, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The heartbeat to {Target} is answered again")]
    private partial void LogWorks(WebhookTarget target);
}
