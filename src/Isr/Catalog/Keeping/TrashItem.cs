namespace Isr.Catalog.Keeping;

/// <summary>A recording in the trash; also what is written beside it there.</summary>
internal sealed record TrashItem
{
    /// <summary>What the trash calls it.</summary>
    public required string Id { get; init; }

    /// <summary>Where it was, relative to the recordings folder.</summary>
    public required string Name { get; init; }

    public DateTimeOffset Deleted { get; init; }

    /// <summary>Who deleted it; null when nobody said.</summary>
    public string? By { get; init; }

    public string? Why { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }

    /// <summary>Seconds since 1970, with fraction.</summary>
    public double Mtime { get; init; }

    public string? Source { get; init; }

    /// <summary>When its first sample sounded; null when that is not known.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it is deleted for good.</summary>
    public DateTimeOffset Until { get; init; }
}
