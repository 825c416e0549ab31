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

    private readonly ConcurrentQueue<string> _kept = [];
    private int _seen = -1;
    private bool _isTroubleTold;

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
            if (database.FileChanges != _seen)
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
        var seen = database.FileChanges;
        var active = updater.FollowActive();
        var (isLeft, now) = (false, time.GetUtcNow().UtcDateTime);
        foreach (var (name, size, mtime) in database.Unanalysed(options.Detection))
        {
            if (TryTake(name, size, mtime))
            {
                continue;
            }

            if (active.Contains(name) || (now - mtime).Duration() < s_settled || requests.IsAt(name))
            {
                isLeft = true;
                continue;
            }

            var measured = await requests.GetAsync(name, Urgency.Spare, stoppingToken);
            if (measured.Levels is { } levels)
            {
                Save(name, size, mtime, SectionDetector.Detect(levels, options.Detection));
            }
            else
            {
                database.SaveAnalysis(name, size, mtime, options.Detection, null);
            }

            // Newer ones first.
            TakeKept();
            isLeft |= database.FileChanges != seen;
            if (database.FileChanges != seen)
            {
                break;
            }
        }

        _seen = isLeft ? -1 : seen;
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
