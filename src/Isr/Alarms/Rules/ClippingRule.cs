namespace Isr.Alarms.Rules;

/// <summary>A source with many samples at full scale within a minute.</summary>
internal sealed class ClippingRule(string source, int limit, bool isActive = false)
    : AlarmRule(AlarmKind.Clipping, source, new AlarmCondition(TimeSpan.Zero, s_window, isActive))
{
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(1);

    private readonly int[] _seconds = new int[60];
    private TimeSpan _now;
    private long _second;
    private long _sum;

    public override string Sentence => $"{Source} is too loud: {_sum} samples at full scale within a minute. Turn its level down.";

    public override string Ending(TimeSpan lasted) => $"{Source} is no longer too loud, after {Length(lasted)}.";

    public override IReadOnlyDictionary<string, double> Values => new Dictionary<string, double>(StringComparer.Ordinal) { ["clipped"] = _sum, ["limit"] = limit };

    /// <summary>Takes what has come since the last time. True when the alarm begins or ends.</summary>
    /// <param name="clipped">Samples at full scale, all channels together.</param>
    /// <param name="by">How long since the last time.</param>
    public bool Observe(long clipped, TimeSpan by)
    {
        _now += by;
        var second = (long)_now.TotalSeconds;
        for (var passed = Math.Min(second - _second, _seconds.Length); passed > 0; passed--)
        {
            ref var old = ref _seconds[(second - passed + 1) % _seconds.Length];
            _sum -= old;
            old = 0;
        }

        _second = second;
        var count = (int)Math.Min(clipped, int.MaxValue / 2);
        _seconds[second % _seconds.Length] += count;
        _sum += count;
        return Condition.Advance(_sum >= limit, by);
    }
}
