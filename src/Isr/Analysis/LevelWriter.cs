using Isr.Audio.Levels;
using Isr.Recording;

namespace Isr.Analysis;

/// <summary>
/// Takes what the recorder tells of its files, and keeps their levels: those that were gathered while recording, and those that are decoded while a
/// stream's file grows. Nothing that goes wrong here is a loss: they are computed from the recording when they are wanted.
/// What was gathered by the end of the program is kept before it ends.
/// </summary>
internal sealed partial class LevelWriter(LevelFeed feed, LevelStore store, GrowingRecordings growing, LevelRequests requests, ILogger<LevelWriter> logger) : BackgroundService
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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowAsync(stoppingToken), growing.RunAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken stoppingToken)
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
        while (feed.Reader.TryRead(out var news))
        {
            switch (news)
            {
                case StreamFileBegun begun:
                    growing.Begin(begun.Path, begun.Source);
                    break;
                case FileFinished { Levels: { } levels } finished:
                    Keep(finished, levels);
                    break;
                case FileFinished finished when store.NameOf(finished.Path) is { } name:
                    _ = FinishAsync(finished, name);
                    break;
            }
        }

        if (feed.Dropped is var dropped && dropped != _dropped)
        {
            LogDropped(dropped - _dropped);
            _dropped = dropped;
        }
    }

    /// <summary>A stream's file: the rest of it is decoded, or else all of it.</summary>
    private async Task FinishAsync(FileFinished finished, string name)
    {
        try
        {
            if (await growing.EndAsync(finished.Path, finished.Seconds) is { } levels)
            {
                Keep(finished, levels);
            }
            else
            {
                await requests.GetAsync(name, Urgency.Finished, CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // The program ends; the next start finds the file without levels.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogFailed(finished.Path, e.Message);
        }
    }

    /// <summary>Whatever goes wrong here must not end the program, which records.</summary>
    private void Keep(FileFinished finished, RecordingLevels levels)
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

            if (!store.Write(name, file.Length, file.LastWriteTimeUtc, levels))
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "What {Recordings} recordings told of themselves came faster than it could be taken: their levels are computed when they are wanted")]
    private partial void LogDropped(long recordings);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Path} is no longer as it was closed: its levels are computed when they are wanted")]
    private partial void LogChanged(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} has too many channels for its length: its levels are not kept")]
    private partial void LogTooMany(string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The levels of {Path} could not be kept: {Reason} Nothing is lost, they are computed when they are wanted; check the folder of --analyses-dir or state_directory")]
    private partial void LogFailed(string path, string reason);
}
