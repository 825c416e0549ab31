using Isr.Recording.Interop;
using Microsoft.Win32.SafeHandles;

namespace Isr.Recording.Disk;

/// <summary>
/// Files of known names in folders that others may write into, too. What has the name, left behind by a crash or laid there, is removed:
/// nothing is ever written through a link, or into a pipe.
/// </summary>
internal static class FreshFile
{
    public static SafeFileHandle Open(string path)
    {
        File.Delete(path);
        return File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Puts the content in the place of the file as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="temporary">Another name in the same folder.</param>
    /// <param name="content">All of it.</param>
    public static void Replace(string path, string temporary, ReadOnlySpan<byte> content)
    {
        using (var file = Open(temporary))
        {
            RandomAccess.Write(file, content, 0);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>As <see cref="Replace"/>; when it has returned, a power failure takes nothing back.</summary>
    public static void ReplaceDurably(string path, string temporary, ReadOnlySpan<byte> content)
    {
        using (var file = Open(temporary))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, path, overwrite: true);
        LibC.SyncFolder(Path.GetDirectoryName(path)!);
    }
}
