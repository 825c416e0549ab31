namespace Isr.Recording.Disk;

/// <summary>Bytes on the disk of a folder; null when it cannot be reached.</summary>
internal readonly record struct DiskSpace(long? Free, long? Total)
{
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
