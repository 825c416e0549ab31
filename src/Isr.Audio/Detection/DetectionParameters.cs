namespace Isr.Audio.Detection;

/// <summary>What makes a section; every value is within its range.</summary>
/// <param name="Margin">Decibels above the noise floor, 1 to 60.</param>
/// <param name="MinGap">Seconds of quiet that end a section, 0 to 300.</param>
/// <param name="MinDuration">Seconds that a section lasts at least, 0 to 60.</param>
public readonly record struct DetectionParameters(double Margin, double MinGap, double MinDuration)
{
    public static DetectionParameters Default { get; } = new(12, 2, 0.5);

    /// <summary>A value outside is clamped; one that is absent or no finite number is replaced by the default.</summary>
    public static DetectionParameters Within(double? margin, double? minGap, double? minDuration, DetectionParameters otherwise) => new(
        Within(margin, otherwise.Margin, 1, 60), Within(minGap, otherwise.MinGap, 0, 300), Within(minDuration, otherwise.MinDuration, 0, 60));

    private static double Within(double? value, double otherwise, double least, double most) =>
        value is { } given && double.IsFinite(given) ? Math.Clamp(given, least, most) : otherwise;
}
