using Isr.Recording.Journal;

namespace Isr.Catalog;

/// <summary>
/// Keeps the index true while the program runs: a walk at the start, then what the kernel tells of the folders, and
/// a walk now and then for what it does not tell (another computer's writes to a network disk).
/// </summary>
internal sealed partial class CatalogService(
    CatalogOptions options, CatalogDatabase database, CatalogUpdater updater, TimeProvider time, ILogger<CatalogService> logger) : BackgroundService
{
    /// <summary>Events are gathered for so long.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_walk = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan s_walkUnwatched = TimeSpan.FromSeconds(30);

    /// <summary>Others' files that grow, and folders that are not there yet, are looked at this often.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);

    private const int MaxGrowing = 1000;

    private readonly HashSet<string> _growing = new(StringComparer.Ordinal);
    private bool _mustWalk = true;
    private long _walked;
    private long _looked;
    private int _epoch;
    private bool _saidIncomplete;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_tick, time);
        using var watch = new FolderWatch(options.Folder, JournalReader.DirectoryOf(options.StateDirectory));
        watch.Begin();
        try
        {
            do
            {
                Step(watch, stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>Whatever goes wrong here must not end the program, which records.</summary>
    private void Step(FolderWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            Follow(watch, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
            (_mustWalk, _walked) = (false, time.GetTimestamp() - (long)((s_walk - s_walkUnwatched).TotalSeconds * time.TimestampFrequency));
        }
    }

    private void Follow(FolderWatch watch, CancellationToken cancellationToken)
    {
        database.Check();
        var changes = watch.Take();
        var isLook = time.GetElapsedTime(_looked) >= s_look;
        if (isLook)
        {
            _looked = time.GetTimestamp();
            _mustWalk |= watch.Begin();
            SayWhetherComplete(watch);
        }

        _mustWalk |= changes.IsWalkNeeded || database.Epoch != _epoch || time.GetElapsedTime(_walked) >= (watch.IsComplete ? s_walk : s_walkUnwatched);
        if (_mustWalk)
        {
            (_mustWalk, _walked, _epoch) = (false, time.GetTimestamp(), database.Epoch);
            updater.Update(cancellationToken);
        }
        else if (changes.IsJournalWritten || (isLook && !watch.IsJournalWatched))
        {
            updater.FollowJournal(cancellationToken);
        }

        if (isLook || changes.Names.Count > 0)
        {
            Refresh(changes, updater.FollowActive(), isLook, cancellationToken);
        }
    }

    /// <summary>Looks at what changed. What is being recorded changes all the time and is looked at when it is listed.</summary>
    private void Refresh(FolderChanges changes, HashSet<string> active, bool isLook, CancellationToken cancellationToken)
    {
        _growing.ExceptWith(changes.Names);
        _growing.UnionWith(changes.Begun.Take(MaxGrowing - Math.Min(MaxGrowing, _growing.Count)));
        _growing.ExceptWith(active);
        if (isLook)
        {
            changes.Names.UnionWith(_growing);
        }

        changes.Names.ExceptWith(active);
        if (changes.Names.Count > 0)
        {
            updater.Refresh(changes.Names, cancellationToken);
        }
    }

    private void SayWhetherComplete(FolderWatch watch)
    {
        if (!watch.IsComplete && !_saidIncomplete && Directory.Exists(options.Folder))
        {
            LogIncomplete(options.Folder, s_walkUnwatched.TotalSeconds);
            _saidIncomplete = true;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The list of recordings could not be brought up to date; it is tried again in half a minute")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not all folders in {Folder} can be watched (fs.inotify.max_user_watches): others' files in them are listed up to {Seconds:0} s later")]
    private partial void LogIncomplete(string folder, double seconds);
}
