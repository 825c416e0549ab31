using System.Text.Json.Serialization;

namespace Isr.SelfTest;

/// <summary>What came of a trial.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrialOutcome>))]
internal enum TrialOutcome
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("not-tried")]
    NotTried,
}

/// <summary>One thing that was tried.</summary>
/// <param name="Trial">What, in a word or two.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Sentence">What was seen, or why it was not tried.</param>
internal sealed record TrialResult(string Trial, TrialOutcome Outcome, string Sentence)
{
    /// <summary>What this installation is proven to do by it, to be read behind "It"; null when nothing.</summary>
    public string? Proves { get; init; }
}

/// <summary>How fast the disk was found to be.</summary>
/// <param name="MegabytesPerSecond">Of one large file, written and made durable.</param>
/// <param name="SyncMedianMs">Of making small writes durable, as the recorder does once a second.</param>
/// <param name="SyncSlowestMs">The slowest in a hundred.</param>
/// <param name="FreeBytes">Left on it; null when it does not say.</param>
/// <param name="Streams">So many of 128 kbit/s take half of its throughput.</param>
internal sealed record DiskFigures(double MegabytesPerSecond, double SyncMedianMs, double SyncSlowestMs, long? FreeBytes, long Streams);

/// <summary>The whole of it.</summary>
/// <param name="IsOk">Nothing that was tried failed.</param>
/// <param name="Version">Of this program.</param>
/// <param name="Folder">Whose disk was tried.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Disk">Null where it could not be measured.</param>
/// <param name="Trials">In the order in which they ended.</param>
internal sealed record SelfTestReport(bool IsOk, string Version, string Folder, double Seconds, DiskFigures? Disk, IReadOnlyList<TrialResult> Trials);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SelfTestReport))]
internal sealed partial class SelfTestJson : JsonSerializerContext;
