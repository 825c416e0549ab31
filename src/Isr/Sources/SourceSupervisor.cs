using Isr.Configuration;

namespace Isr.Sources;

/// <summary>
/// Keeps one source going for as long as the program runs: connects, waits, connects again. The one place
/// where the end of a connection becomes a log line and a decision.
/// </summary>
internal sealed partial class SourceSupervisor(
    SourceSettings settings,
    IAudioSource source,
    SourceMonitor monitor,
    TimeProvider time,
    ILogger<SourceSupervisor> logger)
{
    private readonly Random _jitter = new(settings.Name.Aggregate(17, (hash, c) => (hash * 31) + c));

    /// <summary>Runs until stopped, or until max_retries is used up. Never throws.</summary>
    public async Task RunAsync(IAudioSink sink, CancellationToken cancellationToken)
    {
        var failures = 0;
        var afterGood = false;
        string? lastSentence = null;

        while (!cancellationToken.IsCancellationRequested)
        {
            monitor.Update(s => s with { State = SourceState.Connecting, NextAttempt = null });
            var (end, wasGood) = await ConnectAsync(sink, cancellationToken);
            if (end.Cause == EndCause.Stopped)
            {
                break;
            }

            (failures, afterGood) = wasGood ? (1, true) : (failures + 1, afterGood);
            if (settings.MaxRetries > 0 && failures > settings.MaxRetries)
            {
                LogGaveUp(settings.Name, settings.MaxRetries, end.Sentence);
                monitor.Update(s => s with { State = SourceState.Stopped, Retries = failures, Error = $"gave up after {settings.MaxRetries} retries: {end.Sentence}" });
                return;
            }

            var delay = ReconnectDelay.Next(failures, afterGood, settings.RetryDelay, end.RetryAfter, _jitter, grows: settings.Type != SourceType.Soundcard);
            if (wasGood || end.Sentence != lastSentence)
            {
                LogEnded(settings.Name, end.Sentence, delay.TotalSeconds);
            }
            else
            {
                // The diary has this line already; the status counts on.
                LogStillFailing(settings.Name, failures, end.Sentence, delay.TotalSeconds);
            }

            lastSentence = end.Sentence;
            monitor.Update(s => s with { State = SourceState.Waiting, Retries = failures, Error = end.Sentence, NextAttempt = time.GetLocalNow() + delay });
            await WaitAsync(delay, cancellationToken);
        }

        monitor.Update(s => s with { State = SourceState.Stopped, NextAttempt = null });
    }

    private async Task<(ConnectionEnd End, bool WasGood)> ConnectAsync(IAudioSink sink, CancellationToken cancellationToken)
    {
        ConnectionEnd end;
        var began = time.GetTimestamp();
        try
        {
            end = await source.RunAsync(sink, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // A defect in one source must not end the others, nor this one for good.
            LogDefect(settings.Name, e);
            end = new ConnectionEnd(EndCause.Broken, $"internal error: {e.Message}");
        }
        catch (OperationCanceledException)
        {
            end = ConnectionEnd.Stopped;
        }

        // A file sent at once, or a burst that ends in a closed door, is much audio too, and must not be asked for without a pause.
        var wasGood = sink.AudioSeconds >= ReconnectDelay.GoodConnection.TotalSeconds && time.GetElapsedTime(began) >= ReconnectDelay.GoodConnection;
        try
        {
            sink.Disconnected(end);
        }
        catch (Exception e)
        {
            LogDefect(settings.Name, e);
        }

        return (end, wasGood);
    }

    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "[{Source}] {Sentence}; next attempt in {Seconds:0.0} s")]
    private partial void LogEnded(string source, string sentence, double seconds);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[{Source}] attempt {Attempt} failed: {Sentence}; next in {Seconds:0.0} s")]
    private partial void LogStillFailing(string source, int attempt, string sentence, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "[{Source}] gave up after {Retries} retries (max_retries): {Sentence}")]
    private partial void LogGaveUp(string source, int retries, string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "[{Source}] internal error; the source goes on")]
    private partial void LogDefect(string source, Exception exception);
}
