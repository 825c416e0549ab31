namespace Isr.Catalog.Coverage;

/// <summary>Why something is missing.</summary>
/// <param name="Cause">A word of the journal's, or "starting", "stall", "unknown".</param>
/// <param name="Sentence">What happened.</param>
internal sealed record GapReason(string Cause, string? Sentence);

/// <summary>A time that the program ran; ticks of UTC.</summary>
/// <param name="Started">Its start.</param>
/// <param name="LastAt">Its last sign of life in the journal.</param>
/// <param name="Ended">Its end, where that is known.</param>
/// <param name="How">"stopped" or "killed", with <paramref name="Ended"/>.</param>
internal sealed record ProgramRun(long Started, long LastAt, long? Ended, string? How);

/// <summary>A file of a source, as the journal has it; ticks of UTC.</summary>
internal sealed record RecordedFile(string File, long Start, int SampleRate)
{
    /// <summary>Null while it is not closed.</summary>
    public long? Samples { get; init; }

    public long? End { get; init; }

    /// <summary>How far its start was corrected after it was written down.</summary>
    public long MovedTicks { get; init; }

    /// <summary>Why it ended; a word of the journal's.</summary>
    public string? How { get; init; }

    /// <summary>How long it plays, by its own header; null when that is not known.</summary>
    public double? FileSeconds { get; init; }
}

/// <summary>All that is known of one source within a span.</summary>
internal sealed record CoverageFacts
{
    public required IReadOnlyList<RecordedFile> Files { get; init; }

    public required IReadOnlyList<(string? File, Interval Span)> Stalls { get; init; }

    public required IReadOnlyList<long> Healed { get; init; }

    public required IReadOnlyList<(Interval Span, GapReason Reason)> Gaps { get; init; }

    public required IReadOnlyList<(long At, GapReason Reason)> Disconnects { get; init; }

    public required IReadOnlyList<ProgramRun> Runs { get; init; }

    /// <summary>Files that are being recorded now.</summary>
    public required IReadOnlySet<string> Active { get; init; }

    public required bool IsRecorderAlive { get; init; }

    /// <summary>Why nothing is recorded at this moment, where status.json knows what the journal is told only afterwards.</summary>
    public GapReason? ReasonNow { get; init; }

    public required long Now { get; init; }
}
