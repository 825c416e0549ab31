using System.Text.Json.Serialization;
using Isr.Recording.Interop;
using Isr.Sources;

namespace Isr.Recording.Disk;

/// <summary>A folder's disk.</summary>
/// <param name="Folder">As a full path.</param>
/// <param name="Free">Bytes that may still be written; null when it cannot be reached.</param>
/// <param name="Total">Its size in bytes, likewise.</param>
/// <param name="FullIn">Seconds until it is full at the rate of the last day, if nothing is deleted; null when that is not known or never.</param>
internal sealed record DiskState(
    string Folder, long? Free, long? Total, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? FullIn);

/// <summary>
/// Looks every ten seconds how much is free on the disks that are recorded to, so that nobody who wants to know has to wait for a disk that hangs.
/// </summary>
internal sealed class DiskWatch(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(10);

    /// <summary>A disk that did not answer for so long is not known.</summary>
    private static readonly TimeSpan s_goodFor = TimeSpan.FromSeconds(60);

    /// <summary>From a shorter time no rate is told.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromMinutes(1);

    /// <summary>The rate is that of the last day, of which this many moments are kept.</summary>
    private const int Moments = 24 * 60;
    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<Watched> _folders = [];

    /// <summary>Watches a folder's disk.</summary>
    /// <param name="folder">As a full path; it need not exist yet.</param>
    /// <param name="source">What is recorded there, if anything.</param>
    public void Add(string folder, SourceMonitor? source = null)
    {
        lock (_gate)
        {
            var watched = _folders.Find(f => f.Folder == folder);
            if (watched is null)
            {
                _folders.Add(watched = new Watched(folder));
            }

            if (source is not null)
            {
                watched.Sources.Add(source);
            }
        }
    }

    /// <summary>
    /// As it was at the last look; a disk that no longer answers has no bytes. A folder inside another one is told only where it is another disk's.
    /// </summary>
    public IReadOnlyList<DiskState> Read()
    {
        lock (_gate)
        {
            var told = new List<Watched>();
            foreach (var folder in _folders)
            {
                if (!told.Exists(outer => outer.FileSystem == folder.FileSystem && folder.Folder.StartsWith(outer.Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)))
                {
                    told.Add(folder);
                }
            }

            return told.ConvertAll(State);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lock (_gate)
        {
            // Side by side, so that one that hangs holds up no other; but for neighbours, which are a thousand on one disk more likely than not.
            return Task.WhenAll(_folders.GroupBy(f => Path.GetDirectoryName(f.Folder), StringComparer.Ordinal).Select(group => FollowAsync([.. group], stoppingToken)));
        }
    }

    private async Task FollowAsync(Watched[] folders, CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            do
            {
                Array.ForEach(folders, Look);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Look(Watched folder)
    {
        var existing = folder.Folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { Length: > 0 } parent)
        {
            existing = parent;
        }

        var (space, fileSystem) = (DiskSpace.Of(existing), LibC.FileSystemOf(existing));
        lock (_gate)
        {
            (folder.Space, folder.FileSystem, folder.LookedAt) = (space, fileSystem, time.GetTimestamp());
            folder.Measure(time);
        }
    }

    private DiskState State(Watched folder)
    {
        if (folder.LookedAt is not { } at || time.GetElapsedTime(at) >= s_goodFor)
        {
            return new DiskState(folder.Folder, null, null, null);
        }

        // What else is recorded to the same disk fills it, too.
        var rate = folder.FileSystem is null ? folder.BytesPerSecond : _folders.Where(f => f.FileSystem == folder.FileSystem).Sum(f => f.BytesPerSecond);
        return new DiskState(folder.Folder, folder.Space.Free, folder.Space.Total, folder.Space.Free is { } free && rate > 0 ? Math.Round(free / rate) : null);
    }

    private sealed class Watched(string folder)
    {
        private readonly Queue<(long At, long Bytes)> _moments = new();
        private long _last;

        public string Folder => folder;

        public List<SourceMonitor> Sources { get; } = [];

        public DiskSpace Space { get; set; }

        public ulong? FileSystem { get; set; }

        public long? LookedAt { get; set; }

        /// <summary>Since the oldest moment that is kept.</summary>
        public double BytesPerSecond { get; private set; }

        public void Measure(TimeProvider time)
        {
            var (now, bytes) = (time.GetTimestamp(), Sources.Sum(s => s.Current.Bytes));
            if (_moments.Count == 0 || time.GetElapsedTime(_last, now) >= s_between)
            {
                _moments.Enqueue((now, bytes));
                _last = now;
                if (_moments.Count > Moments)
                {
                    _moments.Dequeue();
                }
            }

            var first = _moments.Peek();
            var passed = time.GetElapsedTime(first.At, now);
            BytesPerSecond = passed >= s_shortest ? (bytes - first.Bytes) / passed.TotalSeconds : 0;
        }
    }
}
