using Isr.Catalog.Retention;

namespace Isr.Alarms.Rules;

/// <summary>What is known of the disks of recordings.</summary>
/// <param name="Free">Bytes that are free where least is; null when a folder cannot be reached.</param>
/// <param name="Report">What retention found last; null before it looked.</param>
internal readonly record struct DiskFacts(long? Free, RetentionReport? Report);

/// <summary>Disks that are full soon, or short of room already.</summary>
/// <param name="days">An alarm when the disk is full in less than so many days.</param>
/// <param name="reserve">Bytes that keep_free_gb keeps free; null without.</param>
/// <param name="isActive">Whether it has begun already.</param>
internal sealed class DiskRule(double days, long? reserve, bool isActive = false)
    : AlarmRule(AlarmKind.Disk, null, new AlarmCondition(s_begin, s_end, isActive))
{
    /// <summary>As health has it.</summary>
    private const long LeastFreeBytes = 1_000_000_000;

    /// <summary>Retention makes room within a minute of the disk being short; what it frees by then is the usual up and down.</summary>
    private const double ShareOfReserve = 0.9;

    private static readonly TimeSpan s_begin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_end = TimeSpan.FromMinutes(10);

    private string _sentence = "";
    private IReadOnlyDictionary<string, double> _values = new Dictionary<string, double>(StringComparer.Ordinal);

    public override string Sentence => _sentence;

    public override string Ending(TimeSpan lasted) => $"There is room for recordings again, after {Length(lasted)}.";

    public override IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>Takes what is known now. True when the alarm begins or ends.</summary>
    public bool Observe(DiskFacts facts, TimeSpan by)
    {
        var reason = Reason(facts);
        _sentence = reason ?? _sentence;
        if (reason is not null)
        {
            var values = new Dictionary<string, double>(StringComparer.Ordinal);
            if (facts.Free is { } free)
            {
                values["free_bytes"] = free;
            }

            if (facts.Report?.Forecast.DiskFullIn is { } full)
            {
                values["days"] = Math.Round(full, 2);
            }

            _values = values;
        }

        return Condition.Advance(facts.Free is null && facts.Report is null ? null : reason is not null, by);
    }

    private string? Reason(DiskFacts facts)
    {
        if (facts.Free is { } free && free < (reserve is { } kept ? (long)(kept * ShareOfReserve) : LeastFreeBytes))
        {
            return reserve is { } wanted
                ? $"Only {Gigabytes(free)} GB are free for recordings, less than keep_free_gb = {Gigabytes(wanted)}, and nothing more may be deleted."
                : $"Only {Gigabytes(free)} GB are free for recordings.";
        }

        if (facts.Report is not { } report)
        {
            return null;
        }

        if (report.Forecast.DiskFullIn is { } full && full < days)
        {
            return full < 1 ? "The disk is full within a day, as much as is recorded." : $"The disk is full in {Number(Math.Floor(full * 10) / 10)} days, as much as is recorded.";
        }

        return report is { IsOn: true, Doubt: null, Shortfalls: [var first, ..] } ? first : null;
    }

    private static string Gigabytes(long bytes) => Number(bytes / 1e9);
}
