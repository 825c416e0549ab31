using System.Text.Json.Serialization;

namespace Isr.Catalog.Zones;

/// <summary>The recorder's time zone as a table.</summary>
/// <param name="Zone">Its name.</param>
/// <param name="Now">What time it is there.</param>
/// <param name="Offsets">In order; the first also holds before, the last also behind.</param>
internal sealed record ZoneAnswer(string Zone, DateTimeOffset Now, IReadOnlyList<ZoneOffset> Offsets);

/// <param name="From">UTC.</param>
/// <param name="Minutes">By which local time is ahead of UTC from then on.</param>
internal readonly record struct ZoneOffset(DateTime From, int Minutes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ZoneAnswer))]
internal sealed partial class ZoneJson : JsonSerializerContext;
