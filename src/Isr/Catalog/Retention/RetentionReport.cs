using System.Text.Json.Serialization;

namespace Isr.Catalog.Retention;

/// <summary>What would go now and how long it goes on like this; `isr retention --json` and, without the list, GET /api/retention.</summary>
internal sealed record RetentionReport
{
    /// <summary>Any limit is set.</summary>
    public required bool IsOn { get; init; }

    /// <summary>Why nothing is deleted by itself now, whatever the limits say; null when it is.</summary>
    public string? Doubt { get; init; }

    /// <summary>Recordings that there are.</summary>
    public int Files { get; init; }

    public long Bytes { get; init; }

    public int TrashFiles { get; init; }

    public long TrashBytes { get; init; }

    /// <summary>Recordings that stay as they are protected or labelled.</summary>
    public int Kept { get; init; }

    public long KeptBytes { get; init; }

    /// <summary>How many would go.</summary>
    public int RemovalCount { get; init; }

    public long RemovalBytes { get; init; }

    /// <summary>How much would go by which limit.</summary>
    public IReadOnlyDictionary<string, long> BytesByReason { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    public IReadOnlyList<string> Shortfalls { get; init; } = [];

    public required RetentionForecast Forecast { get; init; }

    /// <summary>The oldest first; null where only the sums were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Removal>? Removals { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RetentionReport))]
internal sealed partial class RetentionJson : JsonSerializerContext;
