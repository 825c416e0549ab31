using Isr.Recording.Interop;

namespace Isr.Recording.Disk;

/// <summary>One <see cref="DiskWriter"/> for each file system that is recorded to.</summary>
internal sealed class DiskWriters(TimeProvider time, ILogger<DiskWriter> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, DiskWriter> _writers = [];

    /// <summary>The writer for files under a directory, which need not exist yet.</summary>
    public DiskWriter For(string directory)
    {
        var existing = directory;
        ulong? fileSystem;
        while ((fileSystem = LibC.FileSystemOf(existing)) is null && Path.GetDirectoryName(existing) is { Length: > 0 } parent)
        {
            existing = parent;
        }

        lock (_gate)
        {
            var key = fileSystem ?? 0;
            if (!_writers.TryGetValue(key, out var writer))
            {
                writer = new DiskWriter($"{key >> 32}:{key & uint.MaxValue}", time, logger);
                _writers.Add(key, writer);
            }

            return writer;
        }
    }

    /// <summary>Finishes all files; false when a disk did not answer in time.</summary>
    public bool Stop(TimeSpan limit)
    {
        DiskWriter[] writers;
        lock (_gate)
        {
            writers = [.. _writers.Values];
        }

        var start = time.GetTimestamp();
        var all = true;
        foreach (var writer in writers)
        {
            var left = limit - time.GetElapsedTime(start);
            all &= writer.Stop(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

        return all;
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
        }
    }
}
