using System.Globalization;
using Isr.Recording.Interop;

namespace Isr.Recording.Disk;

/// <summary>Tries whether an output directory that failed can be recorded to again. May hang with the disk.</summary>
internal static class OutputProbe
{
    public const string Name = ".isr-probe";
    private const int Bytes = 64 * 1024;
    private const long MostHeadroom = 64 * 1024 * 1024;

    /// <summary>Null when it works, else why not.</summary>
    /// <param name="directory">The output directory.</param>
    /// <param name="fileSystem">The file system that it was on when it last worked; null when that is not known.</param>
    public static string? Try(string directory, ulong? fileSystem)
    {
        try
        {
            if (fileSystem is not null && fileSystem != LibC.FileSystemOf("/") && NearestFileSystem(directory) == LibC.FileSystemOf("/"))
            {
                // Making the folder anew would record into the mount point, on the wrong disk.
                return $"the disk of {directory} is not mounted";
            }

            Directory.CreateDirectory(directory);
            if (Shortage(directory, 0) is { } shortage)
            {
                return shortage;
            }

            var path = Path.Combine(directory, Name);
            try
            {
                using var file = FreshFile.Open(path);
                RandomAccess.Write(file, new byte[Bytes], 0);
                RandomAccess.FlushToDisk(file);
            }
            finally
            {
                File.Delete(path);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }
    }

    /// <summary>
    /// A sentence when so many bytes would leave too little room: a disk that has only just a free block would be
    /// full again at once, and each time costs every source a file.
    /// </summary>
    public static string? Shortage(string directory, long needed)
    {
        var disk = new DriveInfo(directory);
        var headroom = Math.Min(MostHeadroom, disk.TotalSize / 16);
        return disk.AvailableFreeSpace - needed >= headroom ? null
            : string.Create(CultureInfo.InvariantCulture, $"too little room: {disk.AvailableFreeSpace / 1048576.0:0.0} MB are free, {(needed + headroom) / 1048576.0:0.0} MB are needed");
    }

    private static ulong? NearestFileSystem(string directory)
    {
        for (var existing = directory; existing is { Length: > 0 }; existing = Path.GetDirectoryName(existing))
        {
            if (LibC.FileSystemOf(existing) is { } fileSystem)
            {
                return fileSystem;
            }
        }

        return null;
    }
}
