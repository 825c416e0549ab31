using System.Text.Json;
using System.Threading.Channels;
using Isr.Catalog;
using Isr.Recording.Status;
using Isr.Sources;

namespace Isr.Web;

/// <summary>A recording began or ended.</summary>
internal sealed record RecordingEvent(string Kind, string Name, string? Source);

/// <summary>
/// Tells listeners what changes, by following status.json: the same whether this process records or another.
/// A listener that does not keep up loses the oldest events and sees by the list what it missed.
/// </summary>
internal sealed class LiveEvents(RecordingCatalog catalog, TimeProvider time) : BackgroundService
{
    private const int MaxWaiting = 256;
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly List<Channel<(string Type, string Data)>> _listeners = [];

    public ChannelReader<(string Type, string Data)> Subscribe(CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<(string, string)>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_gate)
        {
            _listeners.Add(channel);
        }

        cancellationToken.Register(() =>
        {
            lock (_gate)
            {
                _listeners.Remove(channel);
            }

            channel.Writer.TryComplete();
        });
        return channel.Reader;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
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
    private static SourceStatus Steady(SourceStatus status) => status with { FileBytes = 0, Bytes = 0, SkippedBytes = 0, DiskQueue = 0, CaptureQueue = 0, Clipped = 0, DriftPpm = null };

    private void Publish(string type, string data)
    {
        lock (_gate)
        {
            foreach (var listener in _listeners)
            {
                listener.Writer.TryWrite((type, data));
            }
        }
    }
}
