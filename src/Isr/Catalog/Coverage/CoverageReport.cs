using System.Text.Json.Serialization;

namespace Isr.Catalog.Coverage;

/// <summary>What was to be recorded within a span, and what was. Times are local, with their offsets; lengths in seconds.</summary>
internal sealed record CoverageReport(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SourceCoverage> Sources)
{
    [JsonIgnore]
    public bool IsWhole => Sources.All(s => s.Total.Missing == 0);
}

/// <param name="Source">Its name.</param>
/// <param name="Total">Of the whole span.</param>
/// <param name="Days">Of each day on which it was expected.</param>
/// <param name="Gaps">Everything that is missing.</param>
internal sealed record SourceCoverage(string Source, CoverageFigures Total, IReadOnlyList<DayCoverage> Days, IReadOnlyList<GapLine> Gaps);

/// <param name="Day">A day of the recorder's zone.</param>
/// <param name="Figures">Of that day.</param>
internal sealed record DayCoverage(DateOnly Day, CoverageFigures Figures);

/// <param name="Expected">Seconds that the source was to be recorded.</param>
/// <param name="Recorded">Seconds that its files hold; what two of them hold counts once.</param>
/// <param name="Missing">The difference.</param>
/// <param name="Percent">Recorded of expected, rounded down: 100 only when nothing is missing.</param>
internal sealed record CoverageFigures(double Expected, double Recorded, double Missing, double Percent)
{
    private const double Digits = 10_000;

    public static CoverageFigures Of(long expectedTicks, long missingTicks)
    {
        var share = expectedTicks == 0 ? 100 : 100.0 * (expectedTicks - missingTicks) / expectedTicks;
        var expected = Seconds(expectedTicks);
        var missing = Seconds(missingTicks);
        return new CoverageFigures(
            expected,
            Math.Round(expected - missing, 3),
            missing,
            missingTicks == 0 ? 100 : Math.Min(Math.Floor(share * Digits) / Digits, 100 - (1 / Digits)));
    }

    /// <summary>To milliseconds, but never 0 for what is not.</summary>
    private static double Seconds(long ticks)
    {
        var seconds = Math.Round((double)ticks / TimeSpan.TicksPerSecond, 3);
        return seconds == 0 && ticks > 0 ? 0.001 : seconds;
    }
}

/// <param name="From">Its beginning.</param>
/// <param name="To">Its end.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="Cause">A word of the journal's, or "starting", "stall", "unknown".</param>
/// <param name="Sentence">What happened.</param>
/// <param name="Open">It goes on now.</param>
internal sealed record GapLine(DateTimeOffset From, DateTimeOffset To, double Seconds, string Cause, string? Sentence, bool Open);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(CoverageReport))]
internal sealed partial class CoverageJson : JsonSerializerContext;
