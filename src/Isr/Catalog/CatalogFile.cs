namespace Isr.Catalog;

/// <summary>A file as the index has it.</summary>
internal sealed record CatalogFile
{
    public required string Name { get; init; }

    public required string Ext { get; init; }

    public required long Size { get; init; }

    /// <summary>UTC.</summary>
    public required DateTime Mtime { get; init; }

    /// <summary>The duration is that of a file of this size and modification time; false while it is being recorded.</summary>
    public bool IsMeasured { get; init; }

    public FileDuration Duration { get; init; }

    /// <summary>What it is sorted by.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Null where neither journal nor name tells it.</summary>
    public DateTimeOffset? Started { get; init; }

    public required string Date { get; init; }

    public string? Source { get; init; }

    /// <summary>Its number on its disk; null where nobody tells.</summary>
    public long? Inode { get; init; }

    /// <summary>By which it is known under another name.</summary>
    public FileTrace Trace => new(Inode, Size, Mtime);

    /// <summary>Its sections as JSON; null where they are not known.</summary>
    public string? Sections { get; init; }
}

/// <summary>
/// A file by what a rename leaves as it was. Numbers of files that are gone are given anew at once, so that a number alone tells nothing.
/// </summary>
internal readonly record struct FileTrace(long? Inode, long Size, DateTime Mtime);

/// <summary>What a list of recordings is narrowed to; null or empty leaves a part out.</summary>
/// <param name="From">Least local start, as a date or the beginning of one.</param>
/// <param name="To">Last local start; a date stands for the whole of that day.</param>
/// <param name="Q">A part of the name, in any case.</param>
/// <param name="Source">The source's name.</param>
/// <param name="Limit">So many of the newest.</param>
/// <param name="After">Only what comes behind this place in the list.</param>
internal readonly record struct FileFilter(
    string? From = null, string? To = null, string? Q = null, string? Source = null, int? Limit = null, FileCursor? After = null);
