using System.Text.Json.Serialization;

namespace Isr.Catalog.Levels;

/// <summary>How a stretch of a recording looks, for drawing. All arrays have one value for each point; 1 is full scale.</summary>
/// <param name="From">Seconds from the recording's beginning at which the first point begins.</param>
/// <param name="To">Seconds at which the last point ends.</param>
/// <param name="Duration">Seconds of the whole recording.</param>
/// <param name="Window">Seconds of one level: no point is shorter.</param>
/// <param name="Min">The lowest sample of any channel.</param>
/// <param name="Max">The highest sample of any channel.</param>
/// <param name="Rms">Root of the mean square of the mean of all channels.</param>
/// <param name="Clipped">Samples at full scale, of all channels together.</param>
internal sealed record LevelsAnswer(
    double From, double To, double Duration, double Window, IReadOnlyList<double> Min, IReadOnlyList<double> Max, IReadOnlyList<double> Rms, IReadOnlyList<int> Clipped)
{
    /// <summary>The recording goes on; null when it does not.</summary>
    public bool? Partial { get; init; }

    /// <summary>Seconds at which the recording was found to be damaged; null when it is whole.</summary>
    public double? DamagedFrom { get; init; }
}

/// <summary>
/// How a source looks over a span of time, for drawing: so many equal stretches of it. All arrays have one value for each; 1 is full scale; null where nothing was recorded, or
/// is not known yet.
/// </summary>
/// <param name="From">Of the span; local, with its offset.</param>
/// <param name="To">Of the span.</param>
/// <param name="Window">Seconds of the finest level that there is.</param>
/// <param name="Min">The lowest sample of any channel.</param>
/// <param name="Max">The highest sample of any channel.</param>
/// <param name="Rms">Root of the mean square of the mean of all channels.</param>
internal sealed record SourceLevelsAnswer(
    DateTimeOffset From, DateTimeOffset To, double Window, IReadOnlyList<double?> Min, IReadOnlyList<double?> Max, IReadOnlyList<double?> Rms)
{
    /// <summary>Recordings whose levels are not known yet; they are being computed, or the recording is still written.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>Recordings of which no levels can be had.</summary>
    public IReadOnlyList<string> Undecodable { get; init; } = [];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LevelsAnswer))]
[JsonSerializable(typeof(SourceLevelsAnswer))]
internal sealed partial class LevelsJson : JsonSerializerContext;
