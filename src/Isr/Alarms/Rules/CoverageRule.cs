using Isr.Catalog.Coverage;

namespace Isr.Alarms.Rules;

/// <summary>A source of whose last 24 hours too little is there.</summary>
internal sealed class CoverageRule(string source, double percent, bool isActive = false)
    : AlarmRule(AlarmKind.Coverage, source, new AlarmCondition(TimeSpan.Zero, s_end, isActive))
{
    /// <summary>Of a source that was added a minute ago a second is much.</summary>
    public static readonly TimeSpan LeastExpected = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_end = TimeSpan.FromMinutes(10);

    private CoverageFigures _figures = CoverageFigures.Of(0, 0);

    public override string Sentence =>
        $"Only {Number(Math.Floor(_figures.Percent * 10) / 10)} % of the last 24 hours of {Source} is recorded, less than {Number(percent)} %: {Length(TimeSpan.FromSeconds(_figures.Missing))} are missing.";

    public override string Ending(TimeSpan lasted) => $"At least {Number(percent)} % of the last 24 hours of {Source} is recorded again, after {Length(lasted)}.";

    public override IReadOnlyDictionary<string, double> Values => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["percent"] = _figures.Percent,
        ["limit_percent"] = percent,
        ["missing_seconds"] = _figures.Missing,
    };

    /// <summary>Takes the last 24 hours. True when the alarm begins or ends.</summary>
    /// <param name="figures">What was expected of them and what is there.</param>
    /// <param name="by">How long since the last time.</param>
    public bool Observe(CoverageFigures figures, TimeSpan by)
    {
        _figures = figures;
        return Condition.Advance(figures.Expected < LeastExpected.TotalSeconds ? null : figures.Percent < percent, by);
    }
}
