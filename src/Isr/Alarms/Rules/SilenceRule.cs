using Isr.Recording;

namespace Isr.Alarms.Rules;

/// <summary>
/// A source that sends sound, but too little of it. Time is counted in sound, not by the clock: a stream is measured in lumps, some 25 s late.
/// Who sends nothing at all is dead, not silent, and stays silent until it is heard.
/// </summary>
internal sealed class SilenceRule(string source, double thresholdDbfs, TimeSpan after, bool isActive = false)
    : AlarmRule(AlarmKind.Silent, source, new AlarmCondition(after, s_end, isActive))
{
    /// <summary>One word into the silence does not end it.</summary>
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The RMS is that of all channels' mean, in which two of opposite phase vanish; so the highest sample of any channel counts, too. Music and
    /// speech have it 10 to 20 dB above the RMS.
    /// </summary>
    private const double PeakAboveRms = 20;

    /// <summary>Lower than 24 bits can hold.</summary>
    private const double Nothing = -145;

    private TimeSpan _behind;
    private double _loudest = Nothing;

    public override TimeSpan Ago => base.Ago + _behind;

    public override string Sentence => $"{Source} has been silent for {Length(after)}: below {Number(thresholdDbfs)} dBFS.";

    public override string Ending(TimeSpan lasted) => $"{Source} is heard again after {Length(lasted)} of silence.";

    public override IReadOnlyDictionary<string, double> Values => new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["threshold_dbfs"] = thresholdDbfs,
        ["level_dbfs"] = Math.Round(Math.Max(_loudest, -100), 1),
        ["seconds"] = after.TotalSeconds,
    };

    /// <summary>Takes sound that has come since the last time. True when the alarm begins or ends.</summary>
    /// <param name="level">As <see cref="LevelOf"/> gives it.</param>
    /// <param name="length">How long it sounded.</param>
    /// <param name="behind">How long ago its end sounded.</param>
    public bool Observe(double level, TimeSpan length, TimeSpan behind)
    {
        _behind = behind;
        var isSilent = level < thresholdDbfs;
        _loudest = !isSilent ? Nothing : Math.Max(_loudest, level);
        return Condition.Advance(isSilent, length);
    }

    /// <summary>How loud a reading is, in dB of full scale.</summary>
    public static double LevelOf(MeterReading reading)
    {
        var level = reading.Rms ?? Nothing;
        for (var channel = 0; channel < reading.Channels; channel++)
        {
            level = Math.Max(level, reading.Peak(channel) - PeakAboveRms ?? Nothing);
        }

        return level;
    }
}
