using System.Text.Json.Serialization;

namespace Isr.Catalog.Evidence;

/// <summary>Something that the archive's owner should know. Its kinds are described in docs/evidence.md.</summary>
/// <param name="Kind">A word of <see cref="FindingKind"/>.</param>
/// <param name="File">Which recording; null where it is none.</param>
/// <param name="Sentence">What is so, in words.</param>
/// <param name="IsFault">The archive is not what its journal says; false for what only cannot be proven.</param>
internal sealed record EvidenceFinding(string Kind, string? File, string Sentence, bool IsFault);

/// <summary>The words for what is found.</summary>
internal static class FindingKind
{
    public const string Missing = "missing";
    public const string Changed = "changed";
    public const string Added = "added";
    public const string Renamed = "renamed";
    public const string Unreadable = "unreadable";

    /// <summary>Closed, and never hashed.</summary>
    public const string Unsealed = "unsealed";

    /// <summary>Opened, and never closed.</summary>
    public const string Unfinished = "unfinished";

    /// <summary>Lines of the journal.</summary>
    public const string Journal = "journal";

    /// <summary>Half a line that a crash left.</summary>
    public const string Torn = "torn";

    /// <summary>The chain of hashes.</summary>
    public const string Chain = "chain";

    /// <summary>The value that somebody noted elsewhere.</summary>
    public const string Head = "head";
}

/// <summary>What the journal itself was found to be.</summary>
/// <param name="Days">Day files.</param>
/// <param name="Lines">Whole lines.</param>
/// <param name="UnsealedLines">Lines that no hash holds yet: those after the last seal, and those of versions that hashed none.</param>
/// <param name="Links">Values of the chain.</param>
/// <param name="Head">The chain's last value; null where nothing was sealed.</param>
/// <param name="HeadAt">When that was written down.</param>
internal sealed record JournalEvidence(int Days, long Lines, long UnsealedLines, long Links, string? Head, DateTimeOffset? HeadAt);

/// <summary>How many recordings were found to be what.</summary>
internal sealed record FileCounts
{
    /// <summary>That the journal knows, and that should be there.</summary>
    public int Known { get; init; }

    /// <summary>Of those, by what was asked for.</summary>
    public int Checked { get; init; }

    /// <summary>Their bytes give the hash that the journal has.</summary>
    public int Proven { get; init; }

    /// <summary>There, and as long as the journal says; their bytes were not read.</summary>
    public int Present { get; init; }

    public int Missing { get; init; }

    public int Changed { get; init; }

    public int Unreadable { get; init; }

    public int Renamed { get; init; }

    public int Unsealed { get; init; }

    public int Unfinished { get; init; }

    /// <summary>Being recorded now.</summary>
    public int Recording { get; init; }

    public int Added { get; init; }

    /// <summary>Audio files that lay there before the journal began.</summary>
    public int Older { get; init; }

    /// <summary>Of those checked, in the trash.</summary>
    public int InTrash { get; init; }

    /// <summary>Deleted for good, as the journal says.</summary>
    public int Purged { get; init; }

    /// <summary>Read.</summary>
    public long Bytes { get; init; }
}

/// <summary>The archive held against its journal.</summary>
/// <param name="IsTrue">No finding is a fault, and nothing was left out that was asked for.</param>
/// <param name="IsQuick">Presence and sizes alone.</param>
/// <param name="IsStopped">It was broken off: nothing is said of the files that it had not come to.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Journal">The journal itself.</param>
/// <param name="Files">The recordings.</param>
/// <param name="Findings">Faults first, then the rest.</param>
internal sealed record EvidenceReport(
    bool IsTrue, bool IsQuick, bool IsStopped, double Seconds, JournalEvidence Journal, FileCounts Files, IReadOnlyList<EvidenceFinding> Findings);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(EvidenceReport))]
internal sealed partial class EvidenceJson : JsonSerializerContext;
