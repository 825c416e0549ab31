using System.Collections.Concurrent;
using System.Globalization;
using Isr.Naming;
using Isr.Recording.Interop;

namespace Isr.Catalog;

/// <summary>Makes the database say what folder and journal say.</summary>
internal sealed partial class CatalogUpdater(
    CatalogOptions options, CatalogDatabase database, JournalIndex journal, ActiveFiles active, TimeProvider time, ILogger<CatalogUpdater> logger)
{
    /// <summary>Files that are written in one transaction.</summary>
    private const int BatchSize = 250;

    /// <summary>The journal tells the length of a file so long after its end, at most.</summary>
    private static readonly TimeSpan s_journalDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longBatch = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_progress = TimeSpan.FromSeconds(10);

    private readonly Lock _scanning = new();
    private readonly Lock _activating = new();
    private readonly TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, bool> _movedAway = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string From, string To), bool> _told = new();
    private readonly ConcurrentQueue<(string From, string To)> _taken = new();
    private readonly MoveFinder _moves = new(time);
    private HashSet<string> _active = new(StringComparer.Ordinal);

    /// <summary>A recording has another name: the old one and the new one. Raised on any thread, as all that follows.</summary>
    public event Action<string, string>? Moved;

    /// <summary>Somebody has given recordings other names, of which the journal does not know.</summary>
    public event Action<IReadOnlyList<(string From, string To)>>? Renamed;

    /// <summary>A recording is no longer there.</summary>
    public event Action<string>? Removed;

    /// <summary>Ends when the folder was walked for the first time.</summary>
    public Task Filled => _filled.Task;

    /// <summary>Reads the journal on, and walks the folder for what changed.</summary>
    public void Update(CancellationToken cancellationToken = default)
    {
        lock (_scanning)
        {
            database.RestOn(Basis());
            var touched = FollowJournalNow(cancellationToken);
            var known = database.KnownFiles();
            touched.IntersectWith(known.Keys);

            // An index of an earlier version does not know which files they are.
            touched.UnionWith(known.Where(file => file.Value.Trace.Inode is null).Select(file => file.Key));
            Refresh(touched, isAsked: false, cancellationToken).ForEach(file => known.Remove(file.Name));
            Walk(known, cancellationToken);
            _filled.TrySetResult();
        }
    }

    /// <summary>Reads what was added to the journal.</summary>
    public void FollowJournal(CancellationToken cancellationToken = default) => Refresh(FollowJournalNow(cancellationToken), cancellationToken);

    /// <summary>Looks at these files anew.</summary>
    public void Refresh(IEnumerable<string> names, CancellationToken cancellationToken = default) => Refresh(names, isAsked: false, cancellationToken);

    /// <summary>Reads the duration of files that the journal has not told yet: somebody asks.</summary>
    public void Measure(IEnumerable<string> names) => Refresh(names, isAsked: true, CancellationToken.None);

    /// <summary>Takes up what began and what ended since the last call, by status.json; what is active now.</summary>
    public HashSet<string> FollowActive()
    {
        lock (_activating)
        {
            var now = active.Read().Names;
            if (now != _active)
            {
                Refresh(now.Except(_active, StringComparer.Ordinal).Concat(_active.Except(now, StringComparer.Ordinal)));
                _active = now;
            }

            return now;
        }
    }

    private HashSet<string> FollowJournalNow(CancellationToken cancellationToken)
    {
        var touched = journal.Update(cancellationToken, out var moved);
        foreach (var file in Filled.IsCompleted ? moved : [])
        {
            if (!_told.TryRemove((file.File, file.To), out _))
            {
                _movedAway[file.File] = true;
                Moved?.Invoke(file.File, file.To);
            }
        }

        return touched;
    }

    /// <summary>Those that are gone.</summary>
    private List<(string Name, FileTrace Trace)> Refresh(IEnumerable<string> names, bool isAsked, CancellationToken cancellationToken)
    {
        var found = new List<CatalogFile>();
        var gone = new List<(string Name, FileTrace Trace)>();
        var came = new List<(string Name, FileTrace Trace)>();
        var began = time.GetTimestamp();
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var known = database.FindFile(name);
            if (RecordingScan.TryFind(options.Folder, name, out var file))
            {
                found.Add(Describe(file, known is { IsMeasured: true } && (known.Size, known.Mtime) == (file.Size, file.Mtime) ? known.Duration : null, isAsked));
                if (known is null)
                {
                    came.Add((name, found[^1].Trace));
                }
            }
            else if (known is not null)
            {
                gone.Add((name, known.Trace));
            }

            SaveBatch(found, ref began);
        }

        database.Save(found);
        Remove(gone, came);
        return gone;
    }

    private void Remove(List<(string Name, FileTrace Trace)> gone, List<(string Name, FileTrace Trace)> came)
    {
        database.Remove([.. gone.Select(file => file.Name)]);
        var moves = new List<(string From, string To)>();
        while (_taken.TryDequeue(out var taken))
        {
            moves.Add(taken);
        }

        var named = moves.Select(move => move.To).ToHashSet(StringComparer.Ordinal);
        moves.AddRange(_moves.Find(gone.Where(file => !_movedAway.ContainsKey(file.Name)), came.Where(file => !named.Contains(file.Name))));
        var renamed = moves.Select(move => move.From).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, _) in gone)
        {
            if (!_movedAway.TryRemove(name, out _) && !renamed.Contains(name))
            {
                Removed?.Invoke(name);
            }
        }

        foreach (var (from, to) in moves)
        {
            _told[(from, to)] = true;
            Moved?.Invoke(from, to);
        }

        if (moves.Count > 0)
        {
            Renamed?.Invoke(moves);
        }
    }

    private void Walk(Dictionary<string, (FileTrace Trace, bool IsMeasured)> known, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var (batchBegan, told, files) = (began, began, 0);
        var found = new List<CatalogFile>();
        var came = new List<(string Name, FileTrace Trace)>();
        var isFirst = known.Count == 0;
        foreach (var file in RecordingScan.Files(options.Folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isKnown = known.Remove(file.Name, out var before);
            if (!isKnown || !before.IsMeasured || (before.Trace.Size, before.Trace.Mtime) != (file.Size, file.Mtime))
            {
                found.Add(Describe(file, measured: null, isAsked: false));
                if (!isKnown && !isFirst)
                {
                    came.Add((file.Name, found[^1].Trace));
                }

                SaveBatch(found, ref batchBegan);
            }

            files++;
            if (time.GetElapsedTime(told) > s_progress)
            {
                told = time.GetTimestamp();
                LogProgress(files);
            }
        }

        database.Save(found);
        Remove([.. known.Select(file => (file.Key, file.Value.Trace))], came);
        if (told != began)
        {
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            LogWalked(files, seconds);
        }
    }

    private void SaveBatch(List<CatalogFile> found, ref long began)
    {
        // What is slow to read is shown as it comes.
        if (found.Count >= BatchSize || (found.Count > 0 && time.GetElapsedTime(began) > s_longBatch))
        {
            database.Save(found);
            found.Clear();
            began = time.GetTimestamp();
        }
    }

    /// <param name="file">The file.</param>
    /// <param name="measured">Its duration when it was read before; null to read it.</param>
    /// <param name="isAsked">Read it even if the journal is about to tell: to count the frames of an hour of AAC takes long.</param>
    private CatalogFile Describe(ScannedFile file, FileDuration? measured, bool isAsked)
    {
        var facts = database.FindFacts(file.Name) ?? (TakeMoved(file) ? database.FindFacts(file.Name) : null);
        var (status, names) = active.Read();
        var isActive = names.Contains(file.Name);
        var isAwaited = isActive || (!isAsked && measured is null && status.Pid is not null && facts is { Samples: null } && IsYoung(file));
        var duration = isAwaited ? new FileDuration(null, facts?.SampleRate, facts?.Channels)
            : facts is { Samples: { } samples, SampleRate: > 0 } && facts.Bytes == file.Size ? new FileDuration((double)samples / facts.SampleRate, facts.SampleRate, facts.Channels)
            : measured ?? DurationReader.Read(file.Path, file.Extension);

        var mtime = new DateTimeOffset(file.Mtime, TimeSpan.Zero);
        DateTimeOffset? started = facts?.Start;
        var local = TimeZoneInfo.ConvertTime(started ?? mtime, time.LocalTimeZone).DateTime;
        if (FileNameDate.TryParse(file.Name, options.Patterns, time.LocalTimeZone, out var named))
        {
            local = named.Local;
            started ??= new DateTimeOffset(local, named.Offset ?? time.LocalTimeZone.GetUtcOffset(local));
        }

        return new CatalogFile
        {
            Name = file.Name,
            Ext = file.Extension,
            Size = file.Size,
            Mtime = file.Mtime,
            Inode = LibC.IdentityOf(file.Path) is { } identity ? (long)identity.Inode : null,
            IsMeasured = !isAwaited,
            Duration = duration,
            Start = started ?? mtime,
            Started = started,
            Date = local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),

            // The journal is written a moment after the file was begun.
            Source = facts?.Source ?? (isActive ? status.Sources?.FirstOrDefault(s => s.File == file.Name)?.Name : null),
        };
    }

    /// <summary>
    /// Somebody put it into another folder, or gave its folder another name: what the journal tells of the file of that name and length that is no
    /// longer where it was is of this one. False where there is none, or where it could be of two sources.
    /// </summary>
    private bool TakeMoved(ScannedFile file)
    {
        var missing = database.FindNamesakes(file.Name, file.Size).FindAll(f => !RecordingScan.TryFind(options.Folder, f.File, out _));
        if (missing.Count == 0 || missing.Exists(f => f.Source != missing[0].Source))
        {
            return false;
        }

        var before = missing[^1].File;
        database.Rename(before, file.Name);
        if (database.FindFile(before) is not null)
        {
            _movedAway[before] = true;
        }

        _taken.Enqueue((before, file.Name));
        return true;
    }

    private bool IsYoung(ScannedFile file) => time.GetUtcNow().UtcDateTime - file.Mtime < s_journalDelay;

    /// <summary>What the description of a file rests on besides the file and the journal.</summary>
    private string Basis() => string.Join('\n', options.Patterns.Select(p => p.Text).Prepend(time.LocalTimeZone.Id).Prepend(options.Folder));

    [LoggerMessage(Level = LogLevel.Information, Message = "Looking through the recordings: {Files} so far")]
    private partial void LogProgress(int files);

    [LoggerMessage(Level = LogLevel.Information, Message = "Looked through {Files} recordings in {Seconds:0} s")]
    private partial void LogWalked(int files, double seconds);
}
