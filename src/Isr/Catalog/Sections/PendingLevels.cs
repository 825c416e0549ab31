using System.Collections.Concurrent;
using System.Threading.Channels;
using Isr.Analysis;
using Isr.Audio.Levels;

namespace Isr.Catalog.Sections;

/// <summary>Has the levels computed of recordings that have none, one after the other, each once however often it is asked for.</summary>
internal sealed partial class PendingLevels(MeasureRecording measure, ILogger<PendingLevels> logger) : BackgroundService
{
    private const int MaxWaiting = 100_000;

    private readonly Channel<(string Name, RecordingKey Key)> _queue = Channel.CreateUnbounded<(string, RecordingKey)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, byte> _waiting = new(StringComparer.Ordinal);

    /// <summary>Those of which nothing could be decoded, as they were.</summary>
    private readonly ConcurrentDictionary<string, RecordingKey> _undecodable = new(StringComparer.Ordinal);

    /// <summary>False when nothing can be decoded of it, as is known.</summary>
    public bool Ask(string name, RecordingKey key)
    {
        if (_undecodable.TryGetValue(name, out var known) && known == key)
        {
            return false;
        }

        if (_waiting.Count < MaxWaiting && _waiting.TryAdd(name, 0))
        {
            _queue.Writer.TryWrite((name, key));
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var (name, key) in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await MeasureAsync(name, key, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Whatever goes wrong here must not end the program, which records.</summary>
    private async Task MeasureAsync(string name, RecordingKey key, CancellationToken cancellationToken)
    {
        try
        {
            if ((await measure(name, cancellationToken)).Levels is null)
            {
                _undecodable[name] = key;
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(name, e);
            _undecodable[name] = key;
        }
        finally
        {
            _waiting.TryRemove(name, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The levels of {Path} could not be computed; it is not tried again until the file changes or isr is started again")]
    private partial void LogFailed(string path, Exception exception);
}
