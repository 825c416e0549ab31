using System.Text.Json.Serialization;

namespace Isr.Catalog.Keeping;

/// <summary>A change that somebody wants, also as it goes over the control socket.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(DeleteRecording), "delete")]
[JsonDerivedType(typeof(RestoreItem), "restore")]
[JsonDerivedType(typeof(PurgeItem), "purge")]
[JsonDerivedType(typeof(PutMarks), "put-marks")]
[JsonDerivedType(typeof(RemoveMark), "remove-mark")]
[JsonDerivedType(typeof(PutLabels), "put-labels")]
[JsonDerivedType(typeof(DoEach), "each")]
[JsonDerivedType(typeof(NoteMoves), "note-moves")]
[JsonDerivedType(typeof(RunRetention), "run-retention")]
internal abstract record KeepRequest
{
    /// <summary>Who wants it; null when nobody said.</summary>
    public string? By { get; init; }
}

/// <summary>Moves a recording to the trash.</summary>
/// <param name="Name">As it is listed.</param>
internal sealed record DeleteRecording(string Name) : KeepRequest
{
    public string? Source { get; init; }

    /// <summary>When its first sample sounded; null when nobody knows.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>When its last had sounded.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>Takes a recording out of the trash: by what the trash calls it, or the newest of a name.</summary>
internal sealed record RestoreItem(string? Id, string? Name) : KeepRequest;

/// <summary>Deletes for good what is in the trash.</summary>
/// <param name="Id">One item; null for all.</param>
internal sealed record PurgeItem(string? Id) : KeepRequest;

/// <summary>Puts marks, in place of those with the same ids: all or none.</summary>
internal sealed record PutMarks(IReadOnlyList<Mark> Marks) : KeepRequest;

internal sealed record RemoveMark(string Id) : KeepRequest;

/// <summary>Gives keys 1 to 9 other labels.</summary>
/// <param name="Labels">Nine, "" for a key without one.</param>
internal sealed record PutLabels(string[] Labels) : KeepRequest;

/// <summary>One change after the other, each done or refused as if it were alone.</summary>
internal sealed record DoEach(IReadOnlyList<KeepRequest> Changes) : KeepRequest;

/// <summary>Writes down that somebody has given recordings other names, so that what is known of them stays theirs.</summary>
internal sealed record NoteMoves(IReadOnlyList<RecordingMove> Moves) : KeepRequest;

/// <param name="From">Its name before.</param>
/// <param name="To">Its name now.</param>
internal sealed record RecordingMove(string From, string To);

/// <summary>Has the recorder delete now what is not to be kept.</summary>
internal sealed record RunRetention : KeepRequest;
