using Isr.Recording.Status;

namespace Isr.Catalog;

/// <summary>What is being recorded now, by status.json, which is read again only when it was replaced.</summary>
internal sealed class ActiveFiles(string folder, TimeProvider time)
{
    /// <summary>How long a status may be taken for true unread: its writer may have died.</summary>
    private static readonly TimeSpan s_goodFor = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private (DateTime Mtime, long Length) _version;
    private long _readAt;
    private (RecorderStatus Status, HashSet<string> Names)? _last;

    public (RecorderStatus Status, HashSet<string> Names) Read()
    {
        lock (_gate)
        {
            var file = new FileInfo(Path.Combine(folder, RecorderStatus.FileName));
            var version = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            if (_last is not { } last || version != _version || time.GetElapsedTime(_readAt) > s_goodFor)
            {
                (_version, _readAt) = (version, time.GetTimestamp());
                var status = RecorderStatus.Read(folder, time);
                _last = last = (status, status.Active.ToHashSet(StringComparer.Ordinal));
            }

            return last;
        }
    }
}
