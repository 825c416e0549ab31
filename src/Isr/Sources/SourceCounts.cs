using System.Text.Json.Serialization;

namespace Isr.Sources;

/// <summary>What happened to a source since the program started, as the journal was told.</summary>
internal sealed record SourceCounts
{
    /// <summary>Times that it was connected to, or its card opened.</summary>
    public long Connections { get; init; }

    /// <summary>Connections that ended or were not to be had, by cause: a word of the journal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? Disconnects { get; init; }

    public long Gaps { get; init; }

    /// <summary>What is missing by these.</summary>
    public double MissingSeconds { get; init; }

    /// <summary>The same by cause: a word of the journal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, GapCount>? GapsByCause { get; init; }

    /// <summary>Reconnects that lost nothing.</summary>
    public long Healed { get; init; }

    /// <summary>Times that it stood still.</summary>
    public long Stalls { get; init; }

    public double StalledSeconds { get; init; }

    public long FilesOpened { get; init; }

    /// <summary>Files that were closed, by how: a word of the journal.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, long>? FilesClosed { get; init; }
}

internal sealed record GapCount(long Count, double Seconds);

/// <summary>One local day of a source, this run and those before it together.</summary>
/// <param name="Day">Which day.</param>
/// <param name="Seconds">Audio that got into files.</param>
/// <param name="Gaps">Gaps that ended.</param>
/// <param name="MissingSeconds">What is missing by these.</param>
internal sealed record SourceDay(DateOnly Day, double Seconds, long Gaps, double MissingSeconds);

/// <summary>How loud a source was in the last moments, in dB of full scale; null for silence.</summary>
/// <param name="Rms">Of the mean of all channels.</param>
/// <param name="Peak">Each channel's largest sample.</param>
/// <param name="Behind">Seconds since it sounded; null for what is measured as it comes.</param>
internal sealed record SourceLoudness(
    double? Rms, IReadOnlyList<double?> Peak, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Behind);
