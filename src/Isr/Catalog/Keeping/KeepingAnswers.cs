namespace Isr.Catalog.Keeping;

/// <param name="Deleted">The recording's name.</param>
internal sealed record DeletedAnswer(string Deleted);

/// <param name="Restored">The recording's name now.</param>
internal sealed record RestoredAnswer(string Restored);

/// <summary>What is to be restored: by what the trash calls it, or the newest of a name.</summary>
internal sealed record RestoreBody(string? Id = null, string? Name = null);

/// <param name="Purged">How many recordings were deleted for good.</param>
/// <param name="Bytes">What they held.</param>
internal sealed record PurgedAnswer(int Purged, long Bytes);

/// <param name="Removed">The mark's id.</param>
internal sealed record MarkRemovedAnswer(string Removed);
