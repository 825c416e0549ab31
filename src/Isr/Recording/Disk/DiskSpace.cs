namespace Isr.Recording.Disk;

/// <summary>Bytes on the disk of a folder; null when it cannot be reached.</summary>
internal readonly record struct DiskSpace(long? Free, long? Total)
{
    /// <summary>Bytes that are free where least is; null when a folder cannot be reached. A source's own folder comes with its first file.</summary>
    /// <param name="folders">The recordings folder first.</param>
    public static long? LeastFree(IReadOnlyList<string> folders)
    {
        var least = long.MaxValue;
        for (var i = 0; i < folders.Count; i++)
        {
            var existing = folders[i];
            while (i > 0 && !Directory.Exists(existing) && Path.GetDirectoryName(existing) is { Length: > 0 } parent)
            {
                existing = parent;
            }

            if (Of(existing).Free is not { } free)
            {
                return null;
            }

            least = Math.Min(least, free);
        }

        return least;
    }

    public static DiskSpace Of(string directory)
    {
        try
        {
            if (!Directory.Exists(directory))
            {
                return default;
            }

            var drive = new DriveInfo(directory);
            return new DiskSpace(drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return default;
        }
    }
}
