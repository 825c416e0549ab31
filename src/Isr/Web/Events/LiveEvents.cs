using System.Text.Json;
using System.Text.Json.Serialization;
using Isr.Analysis;
using Isr.Catalog;
using Isr.Catalog.Keeping;
using Isr.Recording;
using Isr.Recording.Status;

namespace Isr.Web.Events;

/// <summary>Something became of a recording.</summary>
/// <param name="Kind">"started", "ended", "moved" or "removed".</param>
/// <param name="Name">Its name, the new one where it moved.</param>
/// <param name="Source">Its source, where that is known.</param>
/// <param name="From">Its name before it moved.</param>
internal sealed record RecordingEvent(
    string Kind, string Name, string? Source, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? From = null);

/// <summary>An alarm began or ended.</summary>
/// <param name="State">"began" or "ended".</param>
/// <param name="Id">The same at its begin and its end.</param>
/// <param name="Kind">"silent", "dead", "clipping", "coverage" or "disk".</param>
/// <param name="Source">Which source; null for what concerns all.</param>
/// <param name="Since">When it began.</param>
/// <param name="Sentence">What it is, or was.</param>
internal sealed record AlarmEvent(string State, string Id, string Kind, string? Source, DateTimeOffset Since, string Sentence);

/// <summary>
/// Tells listeners what changes, by following status.json, the index and the marks: the same whether this process records or another.
/// A listener that does not keep up loses the oldest events and sees by the list what it missed; one that comes back is told what it
/// missed, or that it must ask for all anew ("reset"). Levels come from this process alone, and only while somebody asks for them.
/// </summary>
internal sealed class LiveEvents(CatalogUpdater updater, ActiveFiles active, TimeProvider time, LevelRequests analysis, MarkWatch marks, LiveMeters? meters = null) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_levelPeriod = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<LiveListener> _listeners = [];
    private readonly EventHistory _history = new();
    private readonly SemaphoreSlim _levelsWanted = new(0);

    public int Listeners
    {
        get
        {
            lock (_gate)
            {
                return _listeners.Count;
            }
        }
    }

    /// <summary>
    /// Tells the listener what it missed and everything from now on, until the token says it has left. Gives the id of the newest event that
    /// it has missed or never was to be told.
    /// </summary>
    public string Subscribe(LiveListener listener, CancellationToken cancellationToken)
    {
        string lastId;
        lock (_gate)
        {
            lastId = _history.LastId;
            if (listener.LastId is { } known)
            {
                if (_history.Since(known) is not { } missed)
                {
                    listener.Tell(new LiveEvent(0, "reset", "{}"));
                }
                else
                {
                    // Cut off again in their midst, it comes back with what it got.
                    lastId = known;
                    foreach (var told in missed)
                    {
                        listener.Tell(told);
                    }
                }
            }

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
        return lastId;
    }

    public string IdOf(LiveEvent told) => _history.IdOf(told);

    public override void Dispose()
    {
        _levelsWanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        analysis.Progressed += TellProgress;
        updater.Moved += TellMoved;
        updater.Removed += TellRemoved;
        await Task.WhenAll(FollowStatusAsync(stoppingToken), meters is null ? Task.CompletedTask : FollowLevelsAsync(meters, stoppingToken));
        analysis.Progressed -= TellProgress;
        updater.Moved -= TellMoved;
        updater.Removed -= TellRemoved;
    }

    private void TellMoved(string from, string to) => Publish(new RecordingEvent("moved", to, null, from));

    private void TellRemoved(string name) => Publish(new RecordingEvent("removed", name, null));

    /// <summary>Progress is of the moment, and not told afterwards.</summary>
    private void TellProgress(AnalysisProgress progress)
    {
        lock (_gate)
        {
            if (_listeners.Count > 0)
            {
                var told = new LiveEvent(0, "analysis", JsonSerializer.Serialize(progress, WebJson.Default.AnalysisProgress));
                _listeners.ForEach(listener => listener.Tell(told));
            }
        }
    }

    private async Task FollowStatusAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        RecorderStatus? last = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Read whether somebody listens or not: who comes back wants to know what was. It costs a look at the file's time.
                var now = active.Read().Status;
                if (last is not null && last != now)
                {
                    Compare(last, now);
                }

                last = now;
                if (marks.HasChanged())
                {
                    Publish("marks", "{}");
                }
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
            Publish(new RecordingEvent("ended", name, SourceOf(last, name)));
        }

        foreach (var name in now.Active.Except(last.Active, StringComparer.Ordinal))
        {
            Publish(new RecordingEvent("started", name, SourceOf(now, name)));
        }

        CompareAlarms(last, now);
        var before = (last.Sources ?? []).ToDictionary(s => s.Name, s => s.ToSteady(), StringComparer.Ordinal);
        foreach (var source in now.Sources ?? [])
        {
            if (!before.TryGetValue(source.Name, out var old) || old != source.ToSteady())
            {
                Publish("source", JsonSerializer.Serialize(source, StatusJson.Default.SourceStatus).ReplaceLineEndings(""));
            }
        }
    }

    private void CompareAlarms(RecorderStatus last, RecorderStatus now)
    {
        foreach (var alarm in Without(now.Alarms, last.Alarms))
        {
            Publish("alarm", JsonSerializer.Serialize(new AlarmEvent("began", alarm.Id, alarm.Kind, alarm.Source, alarm.Since, alarm.Sentence), WebJson.Default.AlarmEvent));
        }

        // Where no recorder is alive any more, nothing is known to be over.
        foreach (var alarm in now.Pid is null ? [] : Without(last.Alarms, now.Alarms))
        {
            Publish("alarm", JsonSerializer.Serialize(new AlarmEvent("ended", alarm.Id, alarm.Kind, alarm.Source, alarm.Since, alarm.Sentence), WebJson.Default.AlarmEvent));
        }

        static IEnumerable<ActiveAlarm> Without(IReadOnlyList<ActiveAlarm>? alarms, IReadOnlyList<ActiveAlarm>? others) =>
            (alarms ?? []).ExceptBy((others ?? []).Select(other => other.Id), alarm => alarm.Id, StringComparer.Ordinal);
    }

    private static string? SourceOf(RecorderStatus status, string file) => status.Sources?.FirstOrDefault(s => s.File == file)?.Name;

    private void Publish(RecordingEvent recording) => Publish("recording", JsonSerializer.Serialize(recording, WebJson.Default.RecordingEvent));

    private void Publish(string type, string data)
    {
        lock (_gate)
        {
            var told = _history.Add(type, data);
            _listeners.ForEach(listener => listener.Tell(told));
        }
    }
}
