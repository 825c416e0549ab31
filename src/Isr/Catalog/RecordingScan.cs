using System.IO.Enumeration;

namespace Isr.Catalog;

/// <summary>An audio file in the recordings folder.</summary>
internal readonly record struct ScannedFile(string Path, string Name, string Extension, long Size, DateTime Mtime);

/// <summary>
/// Walks the recordings folder: regular files with an audio extension, nothing hidden, no folder named like
/// audio. A link to a file counts when it leads to a file inside; links to folders are not followed.
/// </summary>
internal static class RecordingScan
{
    private static readonly string[] s_extensions = [".mp3", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wav"];

    private static readonly EnumerationOptions s_options = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden,
    };

    public static IEnumerable<ScannedFile> Files(string folder) => !Directory.Exists(folder)
        ? []
        : new FileSystemEnumerable<ScannedFile>(folder, Describe, s_options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsRecording(ref entry, folder),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };

    private static ScannedFile Describe(ref FileSystemEntry entry)
    {
        var path = entry.ToFullPath();
        return new ScannedFile(
            path,
            Path.GetRelativePath(entry.RootDirectory.ToString(), path),
            Path.GetExtension(entry.FileName).ToString().ToLowerInvariant(),
            entry.Length,
            entry.LastWriteTimeUtc.UtcDateTime);
    }

    private static bool IsRecording(ref FileSystemEntry entry, string folder)
    {
        // A name that is no valid UTF-8 cannot be asked for.
        if (entry.FileName.Contains('\uFFFD') || !HasAudioExtension(entry.FileName))
        {
            return false;
        }

        return (entry.Attributes & FileAttributes.ReparsePoint) == 0
            || (File.ResolveLinkTarget(entry.ToFullPath(), returnFinalTarget: true) is FileInfo { Exists: true } target
                && target.FullName.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }

    private static bool HasAudioExtension(ReadOnlySpan<char> name)
    {
        foreach (var extension in s_extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && name.Length > extension.Length)
            {
                return true;
            }
        }

        return false;
    }
}
