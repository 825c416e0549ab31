namespace Isr.Alarms.Webhooks;

/// <summary>
/// Delivers what waits, to each address by itself, until it is taken: at least once, messages of one alarm in their order. After a failure it waits a
/// second, then twice as long each time, up to an hour; a new message is tried at once. After three days a message is given up.
/// </summary>
internal sealed partial class WebhookSender(WebhookSpool spool, WebhookClient client, AlarmFigures figures, TimeProvider time, ILogger<WebhookSender> logger) : BackgroundService
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(3);

    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestWait = TimeSpan.FromHours(1);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            spool.Load();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogNotLoaded(e.Message);
        }

        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        spool.Complete();
        return base.StopAsync(cancellationToken);
    }

    /// <summary>How long to wait after so many failures in a row.</summary>
    /// <param name="failures">From 1.</param>
    /// <param name="retryAfter">What the server asked for; it is not waited longer than otherwise at most.</param>
    public static TimeSpan WaitAfter(int failures, TimeSpan? retryAfter)
    {
        var wait = s_firstWait * Math.Pow(2, Math.Clamp(failures - 1, 0, 12));
        var least = retryAfter > wait ? retryAfter.Value : wait;
        return least < s_longestWait ? least : s_longestWait;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll([Task.Run(spool.KeepAsync, CancellationToken.None), .. spool.Targets.Select(target => Task.Run(() => DeliverAsync(target, stoppingToken), CancellationToken.None))]);

    private async Task DeliverAsync(WebhookTarget target, CancellationToken stoppingToken)
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var added = spool.Added;
                if (spool.Next(target) is not { } delivery)
                {
                    await added.WaitAsync(stoppingToken);
                    continue;
                }

                delivery.CountTry();
                var result = await client.PostAsync(target, delivery.Kept.Delivery, delivery.Body, stoppingToken);
                if (result.Outcome == SendOutcome.Failed)
                {
                    figures.CountFailed();
                    if (failures++ == 0)
                    {
                        LogFails(target, result.Sentence);
                    }

                    GiveUpOld(target, delivery);
                    await WaitAsync(added, WaitAfter(failures, result.RetryAfter), stoppingToken);
                    continue;
                }

                spool.Remove(delivery);
                if (result.Outcome == SendOutcome.Gone)
                {
                    figures.CountDropped();
                    LogGone(target, delivery.Kept.Delivery);
                    continue;
                }

                figures.CountDelivered();
                if (failures > 0)
                {
                    LogWorks(target, failures);
                }

                failures = 0;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Its age is by a clock that may have been set meanwhile; so it was tried in this run, too.</summary>
    private void GiveUpOld(WebhookTarget target, WebhookDelivery delivery)
    {
        if (time.GetUtcNow() - delivery.Kept.Created > KeptFor)
        {
            spool.Remove(delivery);
            figures.CountDropped();
            LogGivenUp(target, delivery.Kept.Delivery);
        }
    }

    private async Task WaitAsync(Task added, TimeSpan wait, CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(added, Task.Delay(wait, time, over.Token));
        await over.CancelAsync();
        stoppingToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook at {Target} {Reason}; it is tried again for three days")]
    private partial void LogFails(WebhookTarget target, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The webhook at {Target} takes messages again, after {Failures} tries that failed")]
    private partial void LogWorks(WebhookTarget target, int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "The webhook at {Target} did not take message {Delivery} for three days; it is given up")]
    private partial void LogGivenUp(WebhookTarget target, string delivery);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook at {Target} answered 410, gone for good: message {Delivery} is given up. Take the address out of webhook_url if nobody is there any more")]
    private partial void LogGone(WebhookTarget target, string delivery);

    [LoggerMessage(Level = LogLevel.Error, Message = "Webhook messages of earlier runs cannot be read: {Reason}")]
    private partial void LogNotLoaded(string reason);
}
