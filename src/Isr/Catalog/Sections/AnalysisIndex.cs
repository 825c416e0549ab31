using System.Collections.Concurrent;
using System.Text.Json;
using Isr.Analysis;
using Isr.Audio.Detection;

namespace Isr.Catalog.Sections;

/// <summary>
/// Keeps in the index what the server's own parameters find in each recording: at once when its levels are kept, and for recordings that have none yet when nothing else is
/// to be done, the newest first.
/// </summary>
internal sealed partial class AnalysisIndex(
    CatalogOptions options, CatalogDatabase database, CatalogUpdater updater, LevelStore store, LevelRequests requests, TimeProvider time, ILogger<AnalysisIndex> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <summary>What has just ended is the recorder's to finish.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(30);

    /// <summary>Looking for what is left takes no larger part of the time than one in so many.</summary>
    private const int RestShare = 50;

    private readonly ConcurrentQueue<string> _kept = [];
    private int? _seen;
    private long _notBefore = long.MinValue;
    private bool _isTroubleTold;
    private int _left;

    /// <summary>Recordings that have not been looked through yet, as far as was known at the last look.</summary>
    public int Left => Volatile.Read(ref _left);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.Kept += _kept.Enqueue;
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        try
        {
            await updater.Filled.WaitAsync(stoppingToken);
            database.ForgetFailedAnalyses();
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await StepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Whatever goes wrong here must not end the program, which records.</summary>
    private async Task StepAsync(CancellationToken stoppingToken)
    {
        try
        {
            TakeKept();
            if (database.FileChanges != _seen && time.GetTimestamp() >= _notBefore)
            {
                await CatchUpAsync(stoppingToken);
            }

            _isTroubleTold = false;
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            if (!_isTroubleTold)
            {
                LogFailed(e);
                _isTroubleTold = true;
            }
        }
    }

    private void TakeKept()
    {
        while (_kept.TryDequeue(out var name))
        {
            if (RecordingScan.TryFind(options.Folder, name, out var file))
            {
                TryTake(name, file.Size, file.Mtime);
            }
        }
    }

    private async Task CatchUpAsync(CancellationToken stoppingToken)
    {
        var (seen, began) = (database.FileChanges, time.GetTimestamp());
        var active = updater.FollowActive();
        var without = database.Unanalysed(options.Detection);
        var looked = time.GetElapsedTime(began);
        var (isLeft, now) = (false, time.GetUtcNow().UtcDateTime);
        var open = new List<(string Name, long Size, DateTime Mtime)>();
        foreach (var file in without)
        {
            stoppingToken.ThrowIfCancellationRequested();
            if (active.Contains(file.Name) || TryTake(file.Name, file.Size, file.Mtime))
            {
                continue;
            }

            var isSettled = (now - file.Mtime).Duration() > s_settled && !requests.IsAt(file.Name);
            isLeft |= !isSettled;
            if (isSettled)
            {
                open.Add(file);
            }
        }

        Volatile.Write(ref _left, open.Count);

        // So many at once as the worker takes; when files come or go meanwhile it is begun anew, with the newest.
        await Parallel.ForEachAsync(
            open.TakeWhile(_ => database.FileChanges == seen),
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount - 1), CancellationToken = stoppingToken },
            async (file, token) =>
            {
                await MeasureAsync(file.Name, file.Size, file.Mtime, token);
                Interlocked.Decrement(ref _left);
            });
        _seen = isLeft || database.FileChanges != seen ? null : seen;

        // A large archive is not gone through again and again for a file or two.
        _notBefore = time.GetTimestamp() + (long)((isLeft ? s_settled / 3 : RestShare * looked).TotalSeconds * time.TimestampFrequency);
    }

    private async Task MeasureAsync(string name, long size, DateTime mtime, CancellationToken stoppingToken)
    {
        var measured = await requests.GetAsync(name, Urgency.Spare, stoppingToken);
        if (measured.Levels is { } levels)
        {
            Save(name, size, mtime, SectionDetector.Detect(levels, options.Detection));
        }
        else
        {
            database.SaveAnalysis(name, size, mtime, options.Detection, null);
        }
    }

    private bool TryTake(string name, long size, DateTime mtime)
    {
        if (store.TryReadRms(name, size, mtime) is not { } levels)
        {
            return false;
        }

        using var part = new LevelsPart(default, levels.SampleRate, levels.Samples, levels.Rms);
        Save(name, size, mtime, SectionDetector.Detect(part, options.Detection));
        return true;
    }

    private void Save(string name, long size, DateTime mtime, IReadOnlyList<Section> sections) =>
        database.SaveAnalysis(name, size, mtime, options.Detection, JsonSerializer.Serialize(sections, SectionsJson.Default.IReadOnlyListSection));

    [LoggerMessage(Level = LogLevel.Error, Message = "What is in recordings could not be entered into the index; it is tried again")]
    private partial void LogFailed(Exception exception);
}
