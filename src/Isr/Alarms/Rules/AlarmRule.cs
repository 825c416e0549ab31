using System.Globalization;

namespace Isr.Alarms.Rules;

/// <summary>When one alarm of one source begins and ends. Rules see what they are shown, and know no clock, no disk and no log.</summary>
/// <param name="kind">A word of <see cref="AlarmKind"/>.</param>
/// <param name="source">Which source; null for what concerns all.</param>
/// <param name="condition">When it begins and ends.</param>
internal abstract class AlarmRule(string kind, string? source, AlarmCondition condition)
{
    public string Kind => kind;

    public string? Source => source;

    public bool IsActive => Condition.IsActive;

    /// <summary>After a change: how long before this moment it happened.</summary>
    public virtual TimeSpan Ago => Condition.Held;

    /// <summary>What the alarm is, once it has begun.</summary>
    public abstract string Sentence { get; }

    /// <summary>What became of it, once it has ended; <paramref name="lasted"/> is how long it went on.</summary>
    public abstract string Ending(TimeSpan lasted);

    /// <summary>The figures in <see cref="Sentence"/>.</summary>
    public abstract IReadOnlyDictionary<string, double> Values { get; }

    protected AlarmCondition Condition => condition;

    /// <summary>"45 s", "5 min", "3 h 20 min", "2 days".</summary>
    internal static string Length(TimeSpan time) =>
        time < TimeSpan.FromSeconds(120) ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, Math.Round(time.TotalSeconds)):0} s")
        : time < TimeSpan.FromMinutes(120) ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalMinutes):0} min")
        : time < TimeSpan.FromDays(2) ? $"{(int)time.TotalHours} h{(time.Minutes > 0 ? $" {time.Minutes} min" : "")}"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalDays):0} days");

    protected static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
