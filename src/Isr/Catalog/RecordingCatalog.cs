using System.Globalization;
using Isr.Naming;
using Isr.Recording.Status;

namespace Isr.Catalog;

/// <summary>
/// What recordings there are. The folder is walked anew for every listing, at most once a second; what is known
/// of a file is kept for as long as its size and modification time stay the same.
/// </summary>
internal sealed class RecordingCatalog(CatalogOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly JournalIndex _journal = new(options.StateDirectory);
    private Dictionary<string, (long Size, DateTime Mtime, FileDuration Duration)> _known = new(StringComparer.Ordinal);
    private List<RecordingItem> _items = [];
    private Dictionary<string, RecordingItem> _byName = new(StringComparer.Ordinal);
    private long _scanned;
    private long _changed;

    public string Folder => options.Folder;

    /// <summary>Whoever asks from now on is told what is there from now on.</summary>
    public void Invalidate() => Interlocked.Exchange(ref _changed, time.GetTimestamp());

    public void Dispose() => _gate.Dispose();

    /// <summary>All recordings, newest first.</summary>
    public async ValueTask<IReadOnlyList<RecordingItem>> ListAsync(CancellationToken cancellationToken)
    {
        await ScanAsync(s_fresh, cancellationToken);
        return _items;
    }

    /// <summary>The recording of that name; null when there is none. Only what is listed can be found.</summary>
    public async ValueTask<RecordingItem?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!_byName.TryGetValue(name, out var item) || item.Recording)
        {
            await ScanAsync(s_fresh, cancellationToken);
            item = _byName.GetValueOrDefault(name);
        }

        return item;
    }

    private async ValueTask ScanAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        if (IsFresh(maxAge))
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(maxAge))
            {
                await Task.Run(Scan, CancellationToken.None);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private bool IsFresh(TimeSpan maxAge) =>
        _scanned != 0 && _scanned > Interlocked.Read(ref _changed) && time.GetElapsedTime(_scanned) < maxAge;

    private void Scan()
    {
        var began = time.GetTimestamp();
        _journal.Update();
        var status = RecorderStatus.Read(options.Folder, time);
        var active = status.Active.ToHashSet(StringComparer.Ordinal);
        var known = new Dictionary<string, (long, DateTime, FileDuration)>(_known.Count, StringComparer.Ordinal);
        var items = new List<(DateTimeOffset Start, RecordingItem Item)>(_items.Count);
        foreach (var file in RecordingScan.Files(options.Folder))
        {
            var isActive = active.Contains(file.Name);
            var facts = _journal.Find(file.Name);
            var duration = isActive ? new FileDuration(null, facts?.SampleRate, facts?.Channels) : DurationOf(file, facts);
            if (!isActive)
            {
                known[file.Name] = (file.Size, file.Mtime, duration);
            }

            // The journal is written a moment after the file was begun.
            var source = facts?.Source ?? (isActive ? status.Sources?.FirstOrDefault(s => s.File == file.Name)?.Name : null);
            var item = Describe(file, facts, duration, isActive, out var start) with { Source = source };
            items.Add((start, item));
        }

        items.Sort(static (a, b) => b.Start.CompareTo(a.Start) is not 0 and var order ? order : string.CompareOrdinal(b.Item.Name, a.Item.Name));
        _known = known;
        _items = items.ConvertAll(i => i.Item);
        _byName = _items.ToDictionary(i => i.Name, StringComparer.Ordinal);
        _scanned = began;
    }

    private FileDuration DurationOf(ScannedFile file, JournalFacts? facts)
    {
        if (facts is { Samples: { } samples, SampleRate: > 0 } && facts.Bytes == file.Size)
        {
            return new FileDuration((double)samples / facts.SampleRate, facts.SampleRate, facts.Channels);
        }

        return _known.TryGetValue(file.Name, out var known) && known.Size == file.Size && known.Mtime == file.Mtime
            ? known.Duration
            : DurationReader.Read(file.Path, file.Extension);
    }

    private RecordingItem Describe(ScannedFile file, JournalFacts? facts, FileDuration duration, bool isActive, out DateTimeOffset start)
    {
        var mtime = new DateTimeOffset(file.Mtime, TimeSpan.Zero);
        DateTimeOffset? started = facts?.Start;
        var local = TimeZoneInfo.ConvertTime(started ?? mtime, time.LocalTimeZone).DateTime;
        if (FileNameDate.TryParse(file.Name, options.Patterns, time.LocalTimeZone, out var named))
        {
            local = named.Local;
            started ??= new DateTimeOffset(local, named.Offset ?? time.LocalTimeZone.GetUtcOffset(local));
        }

        start = started ?? mtime;
        return new RecordingItem
        {
            Name = file.Name,
            Size = file.Size,
            Mtime = (double)(file.Mtime - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond,
            Date = local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            Duration = duration.Seconds is { } seconds ? Math.Round(seconds, 3) : null,
            Ext = file.Extension,
            Recording = isActive,
            Started = started,
            SampleRate = duration.SampleRate,
            Channels = duration.Channels is 0 ? null : duration.Channels,
        };
    }
}

/// <summary>Where recordings are and how they are named.</summary>
/// <param name="Folder">The recordings folder, absolute.</param>
/// <param name="StateDirectory">Where the journal is.</param>
/// <param name="Patterns">All patterns by which files are named.</param>
internal sealed record CatalogOptions(string Folder, string StateDirectory, IReadOnlyList<FileNamePattern> Patterns);
