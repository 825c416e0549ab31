using System.Globalization;

namespace Isr.Naming;

/// <summary>When a recording started, as its name tells it.</summary>
/// <param name="Local">By the wall clock, of unspecified kind.</param>
/// <param name="Offset">That clock's offset from UTC, if the pattern holds <c>%z</c> or <c>%s</c>.</param>
internal readonly record struct FileNameDate(DateTime Local, TimeSpan? Offset)
{
    /// <summary>What names of recordings end with.</summary>
    public static readonly string[] Extensions = [".mp3", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wav"];

    /// <summary>
    /// Reads the start from a name. The patterns are tried in turn, then the default one; a name may lie in
    /// more folders than its pattern makes. False where date, hour and minute are not all told.
    /// </summary>
    /// <param name="name">A path separated by <c>/</c>, with or without the extension, with or without <c>_2</c>.</param>
    /// <param name="patterns">The configured patterns.</param>
    /// <param name="zone">Where <c>%s</c> is turned into local time.</param>
    /// <param name="date">The start, when true is returned.</param>
    public static bool TryParse(
        string name, IReadOnlyList<FileNamePattern> patterns, TimeZoneInfo zone, out FileNameDate date)
    {
        var stem = WithoutExtension(name);
        var plain = WithoutNumber(stem);
        foreach (var pattern in patterns)
        {
            if (TryParse(stem, plain, pattern, zone, out date))
            {
                return true;
            }
        }

        return TryParse(stem, plain, FileNamePattern.Default, zone, out date);
    }

    private static bool TryParse(
        string stem, string? plain, FileNamePattern pattern, TimeZoneInfo zone, out FileNameDate date) =>
        FileNameMatch.TryMatch(Tail(stem, pattern.FolderCount), pattern, zone, out date)
        || (plain is not null && FileNameMatch.TryMatch(Tail(plain, pattern.FolderCount), pattern, zone, out date));

    private static string WithoutExtension(string name)
    {
        foreach (var extension in Extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return name[..^extension.Length];
            }
        }

        return name;
    }

    /// <summary>Takes off the <c>_2</c> of a name that was taken; null where there is none.</summary>
    private static string? WithoutNumber(string stem)
    {
        var underscore = stem.LastIndexOf('_');
        return underscore > 0
               && underscore + 1 < stem.Length
               && stem[underscore + 1] != '0'
               && int.TryParse(stem.AsSpan(underscore + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
               && number >= 2
            ? stem[..underscore]
            : null;
    }

    private static string Tail(string path, int folders)
    {
        var start = path.Length;
        for (var i = 0; i <= folders; i++)
        {
            start = start > 0 ? path.LastIndexOf('/', start - 1) : -1;
            if (start < 0)
            {
                return path;
            }
        }

        return path[(start + 1)..];
    }
}
