using System.Globalization;
using Isr.Audio.Levels;

namespace Isr.Analysis;

/// <summary>What came of measuring a file: levels of all that could be decoded, or a sentence why nothing could.</summary>
internal sealed record MeasuredFile
{
    /// <summary>Null when nothing could be decoded.</summary>
    public RecordingLevels? Levels { get; init; }

    /// <summary>Why nothing could be decoded; or what is the matter with what was.</summary>
    public string? Sentence { get; init; }

    /// <summary>Seconds from the start at which damage was met first; null when none was.</summary>
    public double? DamagedFrom { get; init; }

    /// <summary>Levels that were kept, and what they know of damage.</summary>
    public static MeasuredFile Of(RecordingLevels levels) => new()
    {
        Levels = levels,
        DamagedFrom = levels.DamagedFrom,
        Sentence = levels.DamagedFrom is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"It is damaged from {seconds:0.0} s on.") : null,
    };
}
