namespace Isr.Catalog;

/// <summary>What recordings there are: the index, and fresh from the disk what is being recorded.</summary>
internal sealed class RecordingCatalog(CatalogOptions options, CatalogDatabase database, CatalogUpdater updater, TimeProvider time)
{
    /// <summary>A list waits so long for the first walk of the folder; then it has what was found so far.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public string Folder => options.Folder;

    /// <summary>Waits, for some seconds at most, until the folder was walked for the first time, and takes up what begins and ends now.</summary>
    public async ValueTask<IReadOnlySet<string>> FollowAsync(CancellationToken cancellationToken)
    {
        if (!updater.Filled.IsCompleted)
        {
            await Task.WhenAny(updater.Filled, Task.Delay(s_patience, time, cancellationToken));
        }

        return updater.FollowActive();
    }

    /// <summary>Recordings, newest first.</summary>
    public async ValueTask<RecordingPage> ListAsync(FileFilter filter, CancellationToken cancellationToken)
    {
        var active = await FollowAsync(cancellationToken);
        var files = database.List(filter, options.Detection);
        if (files.Where(f => !f.IsMeasured && !active.Contains(f.Name)).Select(f => f.Name).ToList() is { Count: > 0 } unmeasured)
        {
            updater.Measure(unmeasured);
            files = database.List(filter, options.Detection);
        }

        var items = new List<RecordingItem>(files.Count);
        foreach (var file in files)
        {
            if (!active.Contains(file.Name))
            {
                items.Add(Describe(file));
            }
            else if (DescribeActive(file) is { } item)
            {
                items.Add(item);
            }
        }

        return new RecordingPage(items, files.Count > 0 && files.Count == filter.Limit ? new FileCursor(files[^1].Start.UtcTicks, files[^1].Name) : null);
    }

    /// <summary>The recording of that name; null when there is none. Only what is listed, or would be, can be found.</summary>
    public ValueTask<RecordingItem?> FindAsync(string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var file = database.FindFile(name);
        if (file is null)
        {
            updater.Refresh([name], cancellationToken);
            file = database.FindFile(name);
        }

        return ValueTask.FromResult(file is null ? null : updater.FollowActive().Contains(name) ? DescribeActive(file) : Describe(file));
    }

    private RecordingItem? DescribeActive(CatalogFile file) =>
        RecordingScan.TryFind(options.Folder, file.Name, out var now)
            ? Describe(file with { Size = now.Size, Mtime = now.Mtime, Duration = file.Duration with { Seconds = null } }) with { Recording = true }
            : null;

    private static RecordingItem Describe(CatalogFile file) => new()
    {
        Name = file.Name,
        Size = file.Size,
        Mtime = (double)(file.Mtime - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond,
        Date = file.Date,
        Duration = file.Duration.Seconds is { } seconds ? Math.Round(seconds, 3) : null,
        Ext = file.Ext,
        Source = file.Source,
        Started = file.Started,
        SampleRate = file.Duration.SampleRate,
        Channels = file.Duration.Channels is 0 ? null : file.Duration.Channels,
        CachedAnalysis = file.Sections,
    };
}
