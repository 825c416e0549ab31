using System.IO.Enumeration;
using Isr.Naming;
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

    /// <summary>Looks for one recording, by the same rules.</summary>
    public static bool TryFind(string folder, string name, out ScannedFile file)
    {
        file = default;
        if (!IsListedName(name) || LibC.RealPath(folder) is not { } root)
        {
            return false;
        }

        try
        {
            for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
            {
                if ((File.GetAttributes(Path.Combine(folder, name[..slash])) & (FileAttributes.Directory | FileAttributes.ReparsePoint)) != FileAttributes.Directory)
                {
                    return false;
                }
            }

            var path = Path.Combine(folder, name);
            var info = new FileInfo(path);
            var isLink = (info.Attributes & FileAttributes.ReparsePoint) != 0;
            if (isLink ? !LeadsToRecording(path, root) : !LibC.IsRegularFile(path))
            {
                return false;
            }

            var target = isLink && LibC.RealPath(path) is { } real ? new FileInfo(real) : info;
            file = new ScannedFile(path, name, ExtensionOf(name), target.Length, target.LastWriteTimeUtc);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Not there, or a name that no file can have.
            return false;
        }
    }

    /// <summary>Whether a file of that name, wherever it lies, may be a recording.</summary>
    public static bool IsAudioName(ReadOnlySpan<char> name)
    {
        foreach (var extension in FileNameDate.Extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase) && name.Length > extension.Length)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a path relative to the folder may be that of a recording: no way out, nothing hidden, written in one way only.</summary>
    public static bool IsListedName(string name)
    {
        if (name.AsSpan().ContainsAny('\0', '\uFFFD') || !IsAudioName(Path.GetFileName(name)))
        {
            return false;
        }

        foreach (var part in name.Split('/'))
        {
            // No "..", nothing hidden, no second way to write a name.
            if (part.Length == 0 || part[0] == '.')
            {
                return false;
            }
        }

        return true;
    }

    private static ScannedFile Describe(ref FileSystemEntry entry)
    {
        var path = entry.ToFullPath();

        // A link's own size is the length of its text.
        var target = IsLink(ref entry) && LibC.RealPath(path) is { } real ? new FileInfo(real) : null;
        return new ScannedFile(
            path,
            Path.GetRelativePath(entry.RootDirectory.ToString(), path),
            ExtensionOf(entry.FileName),
            target is { Exists: true } ? target.Length : entry.Length,
            target?.LastWriteTimeUtc ?? entry.LastWriteTimeUtc.UtcDateTime);
    }

    private static string ExtensionOf(ReadOnlySpan<char> name) => Path.GetExtension(name).ToString().ToLowerInvariant();

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private static bool IsRecording(ref FileSystemEntry entry, string root)
    {
        // A name that is no valid UTF-8 cannot be asked for.
        if (entry.FileName.Contains('\uFFFD') || !IsAudioName(entry.FileName))
        {
            return false;
        }

        // Pipes and sockets are empty, and reading one would wait for ever.
        return IsLink(ref entry)
            ? LeadsToRecording(entry.ToFullPath(), root)
            : entry.Length > 0 || LibC.IsRegularFile(entry.ToFullPath());
    }

    // As the kernel goes: links to folders on the way count, and so do dots behind them.
    private static bool LeadsToRecording(string link, string root) =>
        LibC.RealPath(link) is { } target
        && target.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal)
        && !target.AsSpan(root.Length).Contains("/.", StringComparison.Ordinal)
        && IsAudioName(target)
        && LibC.IsRegularFile(target);
}
