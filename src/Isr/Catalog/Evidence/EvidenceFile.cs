namespace Isr.Catalog.Evidence;

/// <summary>A recording as the journal has it.</summary>
internal sealed class EvidenceFile
{
    public required string Name { get; set; }

    public required string Source { get; init; }

    /// <summary>When its first sample sounded.</summary>
    public DateTimeOffset Start { get; set; }

    /// <summary>When its last sample had sounded; null while it is open.</summary>
    public DateTimeOffset? End { get; set; }

    /// <summary>When that was written down.</summary>
    public DateTimeOffset ClosedAt { get; set; }

    public long Bytes { get; set; }

    /// <summary>Of the whole file, hexadecimal; null until it was hashed.</summary>
    public string? Sha256 { get; set; }

    /// <summary>What the trash calls it; null when it is not there.</summary>
    public string? Item { get; set; }

    /// <summary>Deleted for good.</summary>
    public bool IsPurged { get; set; }

    /// <summary>A later run has finished what was left open, and not this.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>A later recording was opened under its name: it had gone by then.</summary>
    public bool IsDisplaced { get; set; }

    /// <summary>Which run of the program opened it, counted from the journal's beginning.</summary>
    public int Run { get; init; }

    /// <summary>What would have to be looked at anew, were it different.</summary>
    public (string Name, string? Item, bool IsPurged, string? Sha256, bool IsClosed, long Bytes) State => (Name, Item, IsPurged, Sha256, End is not null, Bytes);
}
