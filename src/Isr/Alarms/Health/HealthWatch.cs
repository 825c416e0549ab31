using Isr.Catalog;
using Isr.Catalog.Keeping;
using Isr.Recording.Disk;
using Isr.Recording.Status;
using Isr.Sources;

namespace Isr.Alarms.Health;

/// <summary>What is to be watched.</summary>
/// <param name="Directories">Where recordings go.</param>
/// <param name="Sources">How many sources are configured; 0 where this is only a page over a folder.</param>
internal sealed record HealthOptions(IReadOnlyList<string> Directories, int Sources)
{
    /// <summary>This process is to record them itself.</summary>
    public bool IsRecordedHere { get; init; }
}

/// <summary>
/// Judges recorder, disks and sources, by status.json: the same whether this process records or another. It fails when
/// <list type="bullet">
/// <item>no recorder is alive though sources are configured, or though one was there that did not stop in order;</item>
/// <item>a folder for recordings cannot be reached, or less than 1 GB is free on its disk;</item>
/// <item>a source has had no audio for more than 2 minutes, has given up (max_retries), or its audio gets into no file.</item>
/// </list>
/// A source that comes back within 2 minutes is no failure: streams do that every day, and the gap is in the journal.
/// </summary>
internal sealed class HealthWatch(HealthOptions options, ActiveFiles active, KeepingOptions keeping, TimeProvider time) : BackgroundService
{
    private const long LeastFreeBytes = 1_000_000_000;
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Bytes, long HeardAt)> _heard = new(StringComparer.Ordinal);
    private bool _wasAlive;

    public HealthReport Report()
    {
        var status = active.Read().Status;
        var now = time.GetTimestamp();
        lock (_gate)
        {
            Observe(status, now);
            return HealthReport.Of(Recorder(status), Disk(), Sources(status, now));
        }
    }

    /// <summary>Whether the program has begun with what it is there for; what went wrong since does not count.</summary>
    public HealthReport Readiness(bool isStopping)
    {
        if (isStopping)
        {
            return HealthReport.Of(new HealthCheck("program", HealthReport.Failing, "The program is being stopped."));
        }

        var status = active.Read().Status;
        var waiting = (status.Sources ?? []).Count(source => source.State == SourceState.Starting);
        return HealthReport.Of(
            Directory.Exists(keeping.Folder)
                ? new HealthCheck("folder", HealthReport.Ok, "The recordings folder is there.")
                : new HealthCheck("folder", HealthReport.Failing, "The recordings folder is not there."),
            options.IsRecordedHere && options.Sources > 0 && status.Pid is null ? new HealthCheck("sources", HealthReport.Failing, "The recorder has not begun.")
            : options.IsRecordedHere && waiting > 0 ? new HealthCheck("sources", HealthReport.Failing, $"{waiting} of {status.Sources!.Count} sources have not begun.")
            : new HealthCheck("sources", HealthReport.Ok, "All sources have begun."));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            do
            {
                var status = active.Read().Status;
                lock (_gate)
                {
                    Observe(status, time.GetTimestamp());
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Since when a source's bytes stand still. One that is seen for the first time has its two minutes yet.</summary>
    private void Observe(RecorderStatus status, long now)
    {
        _wasAlive |= status.Pid is not null;
        foreach (var source in status.Sources ?? [])
        {
            if (!_heard.TryGetValue(source.Name, out var last) || last.Bytes != source.Bytes)
            {
                _heard[source.Name] = (source.Bytes, now);
            }
        }
    }

    private HealthCheck Recorder(RecorderStatus status)
    {
        if (status.Pid is not null)
        {
            return new HealthCheck("recorder", HealthReport.Ok, "The recorder is running.");
        }

        return options.Sources > 0 || _wasAlive
            ? new HealthCheck("recorder", HealthReport.Failing, "No recorder is running: status.json is missing, or older than a minute, or its process is gone.")
            : new HealthCheck("recorder", HealthReport.Ok, "Nothing is to be recorded here.");
    }

    private HealthCheck Disk()
    {
        if (DiskSpace.LeastFree([.. options.Directories.Prepend(keeping.Folder).Distinct(StringComparer.Ordinal)]) is not { } least)
        {
            return new HealthCheck("disk", HealthReport.Failing, "A folder for recordings cannot be reached.");
        }

        return least < LeastFreeBytes
            ? new HealthCheck("disk", HealthReport.Failing, $"Less than 1 GB is free for recordings: {least / 1_000_000} MB.")
            : new HealthCheck("disk", HealthReport.Ok, $"{least / LeastFreeBytes} GB are free for recordings.");
    }

    private HealthCheck Sources(RecorderStatus status, long now)
    {
        var sources = status.Sources ?? [];
        var silent = sources.Count(s => s.State == SourceState.Stopped || time.GetElapsedTime(_heard[s.Name].HeardAt, now) > s_longestSilence);
        var unwritten = sources.Count(s => s.State == SourceState.Disk);
        return (silent, unwritten) switch
        {
            ( > 0, _) => new HealthCheck("sources", HealthReport.Failing, $"{silent} of {sources.Count} sources have had no audio for more than {s_longestSilence.TotalMinutes:0} minutes, or have given up."),
            (_, > 0) => new HealthCheck("sources", HealthReport.Failing, $"The audio of {unwritten} of {sources.Count} sources gets into no file: the disk does not take it."),
            _ => new HealthCheck("sources", HealthReport.Ok, sources.Count == 0 ? "No source is being recorded." : $"All of {sources.Count} sources have audio."),
        };
    }
}
