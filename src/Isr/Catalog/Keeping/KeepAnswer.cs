namespace Isr.Catalog.Keeping;

/// <summary>What became of a change.</summary>
internal enum KeepStatus
{
    Done,

    /// <summary>Done, and there was nothing of that name before.</summary>
    Created,

    /// <summary>The request makes no sense, whoever asks.</summary>
    Invalid,

    NotFound,

    /// <summary>It is being recorded, protected, or its place is taken.</summary>
    Conflict,

    /// <summary>The file system does not let this program.</summary>
    Forbidden,

    /// <summary>Nobody can do it now.</summary>
    Unavailable,
}

/// <param name="Status">What became of it.</param>
/// <param name="Sentence">Why not; null when it was done.</param>
internal sealed record KeepAnswer(KeepStatus Status, string? Sentence = null)
{
    /// <summary>The recording that was restored, by its name now.</summary>
    public string? Name { get; init; }

    /// <summary>What the trash calls the recording that was deleted.</summary>
    public string? Id { get; init; }

    /// <summary>What became of each of many; null where it was one change.</summary>
    public IReadOnlyList<KeepAnswer>? Each { get; init; }

    /// <summary>How many it concerned.</summary>
    public int Count { get; init; }

    /// <summary>Bytes that were deleted for good.</summary>
    public long Bytes { get; init; }

    public bool IsDone => Status is KeepStatus.Done or KeepStatus.Created;

    public static KeepAnswer Done { get; } = new(KeepStatus.Done);
}
