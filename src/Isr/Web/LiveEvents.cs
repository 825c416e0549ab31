using System.Text.Json;
using Isr.Analysis;
using Isr.Catalog;
using Isr.Recording;
using Isr.Recording.Status;
using Isr.Sources;

namespace Isr.Web;

/// <summary>A recording began or ended.</summary>
internal sealed record RecordingEvent(string Kind, string Name, string? Source);

/// <summary>
/// Tells listeners what changes, by following status.json: the same whether this process records or another.
/// A listener that does not keep up loses the oldest events and sees by the list what it missed. Levels come from this process
/// alone, and only while somebody asks for them.
/// </summary>
internal sealed class LiveEvents(RecordingCatalog catalog, TimeProvider time, LevelRequests analysis, LiveMeters? meters = null) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_levelPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<LiveListener> _listeners = [];
    private readonly SemaphoreSlim _levelsWanted = new(0);

    /// <summary>Tells the listener of everything from now on, until the token says it has left.</summary>
    public void Subscribe(LiveListener listener, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _listeners.Add(listener);
        }

        if (listener.WantsLevels)
        {
            _levelsWanted.Release();
        }

        cancellationToken.Register(() =>
        {
            lock (_gate)
            {
                _listeners.Remove(listener);
            }

            listener.Complete();
        });
    }

    public override void Dispose()
    {
        _levelsWanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        analysis.Progressed += TellProgress;
        await Task.WhenAll(FollowStatusAsync(stoppingToken), meters is null ? Task.CompletedTask : FollowLevelsAsync(meters, stoppingToken));
        analysis.Progressed -= TellProgress;
    }

    private void TellProgress(AnalysisProgress progress)
    {
        lock (_gate)
        {
            if (_listeners.Count == 0)
            {
                return;
            }
        }

        Publish("analysis", JsonSerializer.Serialize(progress, WebJson.Default.AnalysisProgress));
    }

    private async Task FollowStatusAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        RecorderStatus? last = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                bool isHeard;
                lock (_gate)
                {
                    isHeard = _listeners.Count > 0;
                }

                var now = isHeard ? RecorderStatus.Read(catalog.Folder, time) : null;
                if (last is not null && now is not null)
                {
                    Compare(last, now);
                }

                last = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task FollowLevelsAsync(LiveMeters live, CancellationToken stoppingToken)
    {
        var levels = new LevelEvents(live);
        try
        {
            while (true)
            {
                await _levelsWanted.WaitAsync(stoppingToken);
                levels.Begin();
                using var timer = new PeriodicTimer(s_levelPeriod, time);
                while (AreLevelsWanted() && await timer.WaitForNextTickAsync(stoppingToken))
                {
                    if (levels.Read())
                    {
                        PublishLevels(levels);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private bool AreLevelsWanted()
    {
        lock (_gate)
        {
            return _listeners.Exists(l => l.WantsLevels);
        }
    }

    private void PublishLevels(LevelEvents levels)
    {
        string? all = null;
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                if (listener.WantsLevels && (listener.Sources.Count == 0 ? all ??= levels.Json(listener.Sources) : levels.Json(listener.Sources)) is { } data)
                {
                    listener.TellLevels(data);
                }
            }
        }
    }

    private void Compare(RecorderStatus last, RecorderStatus now)
    {
        // Who hears of it asks for the list, which goes by the same status.json.
        foreach (var name in last.Active.Except(now.Active, StringComparer.Ordinal))
        {
            Publish("recording", JsonSerializer.Serialize(new RecordingEvent("ended", name, SourceOf(last, name)), WebJson.Default.RecordingEvent));
        }

        foreach (var name in now.Active.Except(last.Active, StringComparer.Ordinal))
        {
            Publish("recording", JsonSerializer.Serialize(new RecordingEvent("started", name, SourceOf(now, name)), WebJson.Default.RecordingEvent));
        }

        var before = (last.Sources ?? []).ToDictionary(s => s.Name, Steady, StringComparer.Ordinal);
        foreach (var source in now.Sources ?? [])
        {
            if (!before.TryGetValue(source.Name, out var old) || old != Steady(source))
            {
                Publish("source", JsonSerializer.Serialize(source, StatusJson.Default.SourceStatus).ReplaceLineEndings(""));
            }
        }
    }

    private static string? SourceOf(RecorderStatus status, string file) => status.Sources?.FirstOrDefault(s => s.File == file)?.Name;

    /// <summary>What makes an event: all but the counters.</summary>
    private static SourceStatus Steady(SourceStatus status) => status with { FileBytes = 0, Bytes = 0, SkippedBytes = 0, DiskQueue = 0, CaptureQueue = 0 };

    private void Publish(string type, string data)
    {
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                listener.Tell(type, data);
            }
        }
    }
}
