using Isr.Instruments;
using Isr.Recording.Interop;

namespace Isr.Recording.Disk;

/// <summary>One <see cref="DiskWriter"/> for each file system that is recorded to.</summary>
internal sealed class DiskWriters(TimeProvider time, ILogger<DiskWriter> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, DiskWriter> _writers = [];
    private readonly Dictionary<string, DiskWriter> _ofDirectories = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<RecordingFile>> _waiting = new(StringComparer.Ordinal);
    private readonly ManualResetEventSlim _isKnown = new(initialState: true);
    private bool _isStopping;

    /// <summary>What all files together may keep in memory.</summary>
    public DiskBudget Budget { get; } = new();

    /// <summary>How long disks took to make durable what was written.</summary>
    public DurationHistogram Syncs { get; } = new("isr_disk_sync_duration_seconds", "How long a disk took to make durable what was recorded (syncfs).", [0.001, 0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30]);

    /// <summary>Of the clock by which files are written.</summary>
    public long TimestampFrequency => time.TimestampFrequency;

    /// <summary>
    /// Has a file written that lies under a directory, which need not exist yet. Which file system that is on is
    /// asked on a thread of its own the first time: a network that is gone may not answer.
    /// </summary>
    public void Add(string directory, RecordingFile file)
    {
        lock (_gate)
        {
            if (_ofDirectories.TryGetValue(directory, out var writer))
            {
                writer.Add(file);
            }
            else if (_waiting.TryGetValue(directory, out var waiting))
            {
                waiting.Add(file);
            }
            else
            {
                _waiting.Add(directory, [file]);
                _isKnown.Reset();
                new Thread(() => Resolve(directory)) { Name = "disk?", IsBackground = true }.Start();
            }
        }
    }

    /// <summary>What no disk has taken yet.</summary>
    public (int Files, long Bytes) Waiting
    {
        get
        {
            lock (_gate)
            {
                var all = _writers.Values.Select(writer => writer.Waiting)
                    .Concat(_waiting.Values.Select(files => (files.Count, files.Sum(file => (long)file.PendingBytes))))
                    .ToList();
                return (all.Sum(w => w.Item1), all.Sum(w => w.Item2));
            }
        }
    }

    /// <summary>Finishes all files; false when a disk did not answer in time.</summary>
    public bool Stop(TimeSpan limit)
    {
        var start = time.GetTimestamp();
        var isKnown = _isKnown.Wait(limit);
        DiskWriter[] writers;
        lock (_gate)
        {
            _isStopping = true;
            writers = [.. _writers.Values];
        }

        // All at once: a disk that hangs must not take the time of the others.
        Array.ForEach(writers, writer => writer.BeginStop());
        return writers.All(writer => writer.WaitForEnd(Left())) && isKnown;

        TimeSpan Left()
        {
            var left = limit - time.GetElapsedTime(start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
        }

        _isKnown.Dispose();
    }

    private void Resolve(string directory)
    {
        var existing = directory;
        ulong? fileSystem;
        while ((fileSystem = LibC.FileSystemOf(existing)) is null && Path.GetDirectoryName(existing) is { Length: > 0 } parent)
        {
            existing = parent;
        }

        lock (_gate)
        {
            if (_isStopping)
            {
                return;
            }

            var key = fileSystem ?? 0;
            if (!_writers.TryGetValue(key, out var writer))
            {
                writer = new DiskWriter(key, time, logger, Forget, Syncs);
                _writers.Add(key, writer);
            }

            _ofDirectories[directory] = writer;
            _waiting.Remove(directory, out var files);
            files!.ForEach(writer.Add);
            if (_waiting.Count == 0)
            {
                _isKnown.Set();
            }
        }
    }

    /// <summary>Something was mounted or taken away: every directory is asked for again.</summary>
    private void Forget()
    {
        lock (_gate)
        {
            _ofDirectories.Clear();
        }
    }
}
