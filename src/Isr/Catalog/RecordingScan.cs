using System.IO.Enumeration;
using Isr.Recording.Interop;

namespace Isr.Catalog;

/// <summary>An audio file in the recordings folder.</summary>
internal readonly record struct ScannedFile(string Path, string Name, string Extension, long Size, DateTime Mtime);

/// <summary>
/// Walks the recordings folder: regular files with an audio extension, nothing hidden, no folder named like
/// audio. A link to a file counts when it leads to such a file inside; links to folders are not followed.
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

    public static IEnumerable<ScannedFile> Files(string folder)
    {
        if (!Directory.Exists(folder) || LibC.RealPath(folder) is not { } root)
        {
            return [];
        }

        return new FileSystemEnumerable<ScannedFile>(folder, Describe, s_options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && IsRecording(ref entry, root),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };
    }

    private static ScannedFile Describe(ref FileSystemEntry entry)
    {
        var path = entry.ToFullPath();

        // A link's own size is the length of its text.
        var target = IsLink(ref entry) && LibC.RealPath(path) is { } real ? new FileInfo(real) : null;
        return new ScannedFile(
            path,
            Path.GetRelativePath(entry.RootDirectory.ToString(), path),
            Path.GetExtension(entry.FileName).ToString().ToLowerInvariant(),
            target is { Exists: true } ? target.Length : entry.Length,
            target?.LastWriteTimeUtc ?? entry.LastWriteTimeUtc.UtcDateTime);
    }

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private static bool IsRecording(ref FileSystemEntry entry, string root)
    {
        // A name that is no valid UTF-8 cannot be asked for.
        if (entry.FileName.Contains('\uFFFD') || !HasAudioExtension(entry.FileName))
        {
            return false;
        }

        if (!IsLink(ref entry))
        {
            // Pipes and sockets are empty, and reading one would wait for ever.
            return entry.Length > 0 || LibC.IsRegularFile(entry.ToFullPath());
        }

        // As the kernel goes: links to folders on the way count, and so do dots behind them.
        return LibC.RealPath(entry.ToFullPath()) is { } target
            && target.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal)
            && !target.AsSpan(root.Length).Contains("/.", StringComparison.Ordinal)
            && HasAudioExtension(target)
            && LibC.IsRegularFile(target);
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
