using System.Text.Json.Serialization;
using Isr.Audio.Detection;

namespace Isr.Catalog.Sections;

/// <summary>Sections over a span of time. Times are local, with their offsets.</summary>
/// <param name="From">Of the span.</param>
/// <param name="To">Of the span.</param>
/// <param name="Sections">Those that touch the span, whole, by their starts.</param>
/// <param name="Pending">Recordings whose levels are not known yet; they are being computed, or the recording is still written.</param>
/// <param name="Undecodable">Recordings of which no levels can be had.</param>
internal sealed record SectionsAnswer(
    DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SourceSection> Sections, IReadOnlyList<string> Pending, IReadOnlyList<string> Undecodable);

/// <param name="Source">Whose.</param>
/// <param name="Start">Of its first loud window.</param>
/// <param name="End">Of its last loud window, or of the last recording.</param>
/// <param name="Score">Decibels by which it stands out.</param>
/// <param name="File">The recording in which it begins.</param>
/// <param name="Offset">Seconds from the beginning of that.</param>
/// <param name="Files">All recordings that it is in, in order.</param>
internal sealed record SourceSection(string Source, DateTimeOffset Start, DateTimeOffset End, double Score, string File, double Offset, IReadOnlyList<string> Files);

/// <param name="RmsDisplay">Loudest level of each stretch, of at most 800 equal ones; 1 is full scale.</param>
/// <param name="Sections">In order.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="Window">Seconds of a level.</param>
/// <param name="Cached">The levels were there.</param>
internal sealed record AnalyzeAnswer(IReadOnlyList<double> RmsDisplay, IReadOnlyList<Section> Sections, double Duration, double Window, bool Cached)
{
    /// <summary>The recording goes on; null when it does not.</summary>
    public bool? Partial { get; init; }

    /// <summary>Seconds at which the recording was found to be damaged; null when it is whole.</summary>
    public double? DamagedFrom { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SectionsAnswer))]
[JsonSerializable(typeof(AnalyzeAnswer))]
[JsonSerializable(typeof(IReadOnlyList<Section>))]
internal sealed partial class SectionsJson : JsonSerializerContext;
