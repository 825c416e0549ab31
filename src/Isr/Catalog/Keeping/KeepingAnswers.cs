namespace Isr.Catalog.Keeping;

/// <param name="Deleted">The recording's name.</param>
internal sealed record DeletedAnswer(string Deleted);

/// <param name="Restored">The recording's name now.</param>
internal sealed record RestoredAnswer(string Restored);

/// <summary>What is to be restored: one or many by what the trash calls them, or the newest of a name.</summary>
internal sealed record RestoreBody(string? Id = null, string? Name = null, string[]? Ids = null);

/// <summary>What is to be deleted.</summary>
internal sealed record FilesBody(string[]? Files = null);

/// <param name="Name">The recording's name.</param>
/// <param name="Id">What the trash calls it.</param>
internal sealed record TrashedFile(string Name, string Id);

/// <param name="Name">The recording's name.</param>
/// <param name="Error">Why not.</param>
internal sealed record RefusedFile(string Name, string Error);

/// <param name="Id">What the trash calls it.</param>
/// <param name="Error">Why not.</param>
internal sealed record RefusedItem(string Id, string Error);

/// <summary>What became of each recording that was to be deleted, in the order in which they were named.</summary>
internal sealed record DeletedManyAnswer(IReadOnlyList<TrashedFile> Deleted, IReadOnlyList<RefusedFile> Refused);

/// <summary>What became of each that was to be restored; the names are those that the recordings have now.</summary>
internal sealed record RestoredManyAnswer(IReadOnlyList<TrashedFile> Restored, IReadOnlyList<RefusedItem> Refused);

/// <param name="Purged">How many recordings were deleted for good.</param>
/// <param name="Bytes">What they held.</param>
internal sealed record PurgedAnswer(int Purged, long Bytes);

/// <param name="Removed">The mark's id.</param>
internal sealed record MarkRemovedAnswer(string Removed);
