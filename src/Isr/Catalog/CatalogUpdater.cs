using System.Collections.Concurrent;
using System.Globalization;
using Isr.Naming;

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
    private HashSet<string> _active = new(StringComparer.Ordinal);

    /// <summary>A recording has another name: the old one and the new one. Raised on any thread, as all that follows.</summary>
    public event Action<string, string>? Moved;

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
            Refresh(touched.Where(known.ContainsKey), cancellationToken);
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
            _movedAway[file.File] = true;
            Moved?.Invoke(file.File, file.To);
        }

        return touched;
    }

    private void Refresh(IEnumerable<string> names, bool isAsked, CancellationToken cancellationToken)
    {
        var found = new List<CatalogFile>();
        var gone = new List<string>();
        var began = time.GetTimestamp();
        foreach (var name in names)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var known = database.FindFile(name);
            if (RecordingScan.TryFind(options.Folder, name, out var file))
            {
                found.Add(Describe(file, known is { IsMeasured: true } && (known.Size, known.Mtime) == (file.Size, file.Mtime) ? known.Duration : null, isAsked));
            }
            else if (known is not null)
            {
                gone.Add(name);
            }

            SaveBatch(found, ref began);
        }

        database.Save(found);
        Remove(gone);
    }

    private void Remove(IReadOnlyCollection<string> names)
    {
        database.Remove(names);
        foreach (var name in names)
        {
            if (!_movedAway.TryRemove(name, out _))
            {
                Removed?.Invoke(name);
            }
        }
    }

    private void Walk(Dictionary<string, (long Size, DateTime Mtime, bool IsMeasured)> known, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var (batchBegan, told, files) = (began, began, 0);
        var found = new List<CatalogFile>();
        foreach (var file in RecordingScan.Files(options.Folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isSame = known.Remove(file.Name, out var before) && before.IsMeasured && (before.Size, before.Mtime) == (file.Size, file.Mtime);
            if (!isSame)
            {
                found.Add(Describe(file, measured: null, isAsked: false));
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
        Remove(known.Keys);
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
        var facts = database.FindFacts(file.Name);
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
            IsMeasured = !isAwaited,
            Duration = duration,
            Start = started ?? mtime,
            Started = started,
            Date = local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),

            // The journal is written a moment after the file was begun.
            Source = facts?.Source ?? (isActive ? status.Sources?.FirstOrDefault(s => s.File == file.Name)?.Name : null),
        };
    }

    private bool IsYoung(ScannedFile file) => time.GetUtcNow().UtcDateTime - file.Mtime < s_journalDelay;

    /// <summary>What the description of a file rests on besides the file and the journal.</summary>
    private string Basis() => string.Join('\n', options.Patterns.Select(p => p.Text).Prepend(time.LocalTimeZone.Id).Prepend(options.Folder));

    [LoggerMessage(Level = LogLevel.Information, Message = "Looking through the recordings: {Files} so far")]
    private partial void LogProgress(int files);

    [LoggerMessage(Level = LogLevel.Information, Message = "Looked through {Files} recordings in {Seconds:0} s")]
    private partial void LogWalked(int files, double seconds);
}
