using Isr.Recording;

namespace Isr.Analysis;

/// <summary>
/// Keeps the levels that were gathered while recording. Nothing that goes wrong here is a loss: they are computed from the
/// recording when they are wanted. What came by the end of the program is kept before it ends.
/// </summary>
internal sealed partial class LevelWriter(LevelFeed feed, LevelStore store, ILogger<LevelWriter> logger) : BackgroundService
{
    /// <summary>What stands in the way now; said once, until something could be kept again.</summary>
    private (Type Type, int Code)? _trouble;
    private long _dropped;

    /// <summary>The recorder has ended before, so that nothing more comes. A disk that hangs is not waited for.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAny(Task.Run(KeepWaiting, CancellationToken.None), Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await feed.Reader.WaitToReadAsync(stoppingToken))
            {
                KeepWaiting();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void KeepWaiting()
    {
        while (feed.Reader.TryRead(out var levels))
        {
            Keep(levels);
        }

        if (feed.Dropped is var dropped && dropped != _dropped)
        {
            LogDropped(dropped - _dropped);
            _dropped = dropped;
        }
    }

    /// <summary>Whatever goes wrong here must not end the program, which records.</summary>
    private void Keep(FinishedLevels finished)
    {
        try
        {
            if (store.NameOf(finished.Path) is not { } name)
            {
                return;
            }

            var file = new FileInfo(finished.Path);
            if (!file.Exists || file.Length != finished.Bytes)
            {
                LogChanged(finished.Path);
                return;
            }

            if (!store.Write(name, file.Length, file.LastWriteTimeUtc, finished.Levels))
            {
                LogTooMany(finished.Path);
                return;
            }

            _trouble = null;
        }
        catch (Exception e)
        {
            var trouble = (e.GetType(), e.HResult);
            if (_trouble != trouble)
            {
                LogFailed(finished.Path, e.Message);
                _trouble = trouble;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The levels of {Recordings} recordings came faster than they could be kept: they are computed when they are wanted")]
    private partial void LogDropped(long recordings);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Path} is no longer as it was closed: its levels are computed when they are wanted")]
    private partial void LogChanged(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} has too many channels for its length: its levels are not kept")]
    private partial void LogTooMany(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The levels of {Path} could not be kept: {Reason} Nothing is lost, they are computed when they are wanted; check the folder of --analyses-dir or state_directory")]
    private partial void LogFailed(string path, string reason);
}
