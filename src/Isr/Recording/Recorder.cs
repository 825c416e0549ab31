using Isr.Configuration;
using Isr.Recording.Disk;
using Isr.Recording.Journal;
using Isr.Recording.Recovery;
using Isr.Recording.Status;
using Isr.Recording.Time;
using Isr.Sources;

namespace Isr.Recording;

/// <summary>
/// Owns everything that records: one supervised task per source, the disks' threads, the journal. Its end is
/// in an order that loses nothing: sources, disks, hashes, journal, status.
/// </summary>
internal sealed partial class Recorder(
    Settings settings,
    SourceFactory factory,
    RecordingServices services,
    CrashRecovery recovery,
    RecorderHeart heart,
    RecordingTally tally,
    DiskWatch disks,
    TimeProvider time,
    ILogger<Recorder> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan s_diskLimit = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_sealLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_shortLimit = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopSealing = new();
    private Task _running = Task.CompletedTask;
    private Task _background = Task.CompletedTask;
    private bool _isStopped;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        recovery.Begin();
        tally.Follow();
        services.Journal.Start();
        services.Sealer.Start(_stopSealing.Token);
        services.Ledger.Append(new ProgramStarted(ProgramVersion.Text, Environment.ProcessId, services.Clock.Zone.Id, services.Clock.State.ToString().ToLowerInvariant()));
        if (services.Clock.State == ClockState.Unsynchronised)
        {
            LogUnsynchronised();
        }

        services.Journal.Appended += entry =>
        {
            if (entry is GapFound { Seconds: > 0 } gap)
            {
                LogGap(gap.Source, gap.Seconds, gap.Sentence ?? gap.Cause);
            }
        };
        services.Clock.Stepped += step => LogStepped(step.Seconds);
        services.Clock.Synchronised += LogSynchronised;

        disks.Add(settings.General.OutputDirectory);
        var runs = new List<Task>();
        foreach (var source in settings.Sources)
        {
            services.Ledger.Append(new SourceConfigured(source.Name, source.Type.ToString().ToLowerInvariant(), [.. source.Urls.Select(SourceSettings.RedactedUrl)]));
            var monitor = new SourceMonitor(source.Name, source.Type.ToString().ToLowerInvariant(), time);
            services.Status.Add(monitor);
            disks.Add(source.OutputDirectory, monitor);
            if (source.FallbackDirectory is { } fallback)
            {
                disks.Add(fallback);
            }

            runs.Add(RunSourceAsync(source, monitor));
        }

        services.Places.TakeUp();
        _running = Task.WhenAll(runs);
        _background = Task.WhenAll(ObserveClockAsync(), services.Status.RunAsync(_stopping.Token), RecoverAsync(), Task.Run(() => tally.ReadEarlier(_stopping.Token), CancellationToken.None));
        LogStarted(settings.General.OutputDirectory, runs.Count == 1 ? "1 source" : $"{runs.Count} sources");
        return Task.CompletedTask;
    }

    /// <summary>Before any other service stops, so that no web client can hold up the files.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await _stopping.CancelAsync();
        await _running;
        await EndsAsync(_background, s_shortLimit);
        var isWritten = await Task.Run(() => services.Disks.Stop(s_diskLimit), CancellationToken.None);
        if (!isWritten)
        {
            var (files, bytes) = services.Disks.Waiting;
            LogDiskHangs(s_diskLimit.TotalSeconds, files, bytes / 1024);
        }

        services.Levels.Complete();

        // What a disk that hangs still holds up is not waited for: all this together takes less than 10 s.
        _stopSealing.CancelAfter(isWritten ? s_sealLimit : s_shortLimit);
        await EndsAsync(services.Sealer.StopAsync(), s_sealLimit + s_shortLimit);
        await Task.Run(() => services.Places.Stop(s_shortLimit), CancellationToken.None);
        services.Ledger.Append(new ProgramStopped());
        await EndsAsync(services.Journal.StopAsync(), s_shortLimit);
        await EndsAsync(Task.Run(services.Status.Write, CancellationToken.None), s_shortLimit);
        if (isWritten)
        {
            LogStopped();
        }
    }

    private async Task EndsAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            LogHeldUp(limit.TotalSeconds);
        }
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _stopSealing.Dispose();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task RunSourceAsync(SourceSettings source, SourceMonitor monitor)
    {
        var supervisor = factory.CreateSupervisor(source, monitor);
        if (source.Type == SourceType.Soundcard)
        {
            var card = services.CreateCardRecorder(source, monitor);
            return Task.Run(() => supervisor.RunAsync(card, _stopping.Token));
        }

        var stream = services.CreateStreamRecorder(source, monitor);
        return Task.Run(() =>
        {
            if (recovery.FindLast(source.Name) is { } last)
            {
                stream.Resume(last);
            }

            return supervisor.RunAsync(stream, _stopping.Token);
        });
    }

    /// <summary>What a crash left in a fallback directory can be moved once it is finished.</summary>
    private async Task RecoverAsync()
    {
        await recovery.RunAsync(_stopping.Token);
        services.Places.TakeUp();
    }

    private async Task ObserveClockAsync()
    {
        using var timer = new PeriodicTimer(WallClock.ObservationPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                services.Clock.Observe();
                heart.Beat();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Recording into {Folder}: {Sources}")]
    private partial void LogStarted(string folder, string sources);

    [LoggerMessage(Level = LogLevel.Error, Message = "[{Source}] {Seconds:0.0} s are missing: {Sentence}")]
    private partial void LogGap(string source, double seconds, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "All files are finished")]
    private partial void LogStopped();

    [LoggerMessage(Level = LogLevel.Error, Message = "A disk did not take the last data within {Seconds:0} s: {Files} files on it end early, {Kilobytes} KB of audio are lost")]
    private partial void LogDiskHangs(double seconds, int files, long kilobytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A disk holds up the end of the program; it was waited for {Seconds:0.0} s and is left alone")]
    private partial void LogHeldUp(double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system clock is not known to be right (no time server has set it yet): files are marked so, and the journal is corrected when it is")]
    private partial void LogUnsynchronised();

    [LoggerMessage(Level = LogLevel.Information, Message = "The system clock is synchronised now")]
    private partial void LogSynchronised();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system clock was set by {Seconds:+0.000;-0.000} s: new files begin")]
    private partial void LogStepped(double seconds);
}
