using System.Text.Json.Serialization;

namespace Isr.Catalog.Days;

/// <summary>What there is of one day of the recorder's zone. A recording counts for the day on which it begins.</summary>
/// <param name="Day">Its date.</param>
/// <param name="Recordings">How many.</param>
/// <param name="Seconds">How long those play whose length is known.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="Sections">What stands out in them, with the server's own parameters, as far as they were looked through.</param>
/// <param name="Missing">Seconds that were to be recorded on that day and were not, of all sources together; null where nothing was to be.</param>
internal sealed record DaySummary(DateOnly Day, int Recordings, double Seconds, long Bytes, long Sections, double? Missing);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<DaySummary>))]
internal sealed partial class DaysJson : JsonSerializerContext;
