using Isr.Naming;

namespace Isr.Recording.Recovery;

/// <summary>
/// Files that were begun in the moment of a crash, before the journal had their names: found by the time at which they were
/// last written.
/// </summary>
internal static class StrayFiles
{
    private static readonly EnumerationOptions s_options = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.ReparsePoint,
    };

    /// <summary>Audio files under these directories that were last written within a span of time.</summary>
    public static IEnumerable<FileInfo> Find(IEnumerable<string> directories, DateTimeOffset from, DateTimeOffset to) => directories
        .Where(Directory.Exists)
        .SelectMany(directory => new DirectoryInfo(directory).EnumerateFiles("*", s_options))
        .Where(file => FileNameDate.Extensions.Contains(file.Extension, StringComparer.Ordinal) && file.LastWriteTimeUtc >= from.UtcDateTime && file.LastWriteTimeUtc < to.UtcDateTime)
        .DistinctBy(file => file.FullName, StringComparer.Ordinal);
}
