using Isr.Analysis;
using Isr.Audio.Detection;
using Isr.Audio.Levels;

namespace Isr.Commands.Analyze;

/// <summary>What is told of a file; small, however long the file is.</summary>
/// <param name="Path">As it was given.</param>
/// <param name="IsDecoded">Something of it could be.</param>
/// <param name="Sentence">Why nothing could be decoded, or what is the matter with what was.</param>
/// <param name="DamagedFrom">Seconds at which damage was met first; null when none was.</param>
/// <param name="Duration">Seconds.</param>
/// <param name="Window">Seconds of a window.</param>
/// <param name="Sections">In order.</param>
/// <param name="Loudest">The largest level of each of at most <see cref="MostPoints"/> equal stretches, full scale being 1.</param>
internal sealed record AnalyzedFile(
    string Path, bool IsDecoded, string? Sentence, double? DamagedFrom, double Duration, double Window, IReadOnlyList<Section> Sections, IReadOnlyList<double> Loudest)
{
    public const int MostPoints = 1000;

    public static AnalyzedFile Of(string path, MeasuredFile measured, DetectionParameters parameters) => measured.Levels is { } levels
        ? new(
            path,
            true,
            measured.Sentence,
            measured.DamagedFrom,
            DecimalRounding.Round((double)levels.Samples / levels.SampleRate, 2),
            DecimalRounding.Round((double)levels.WindowSamples / levels.SampleRate, 4),
            SectionDetector.Detect(levels, parameters),
            RecordingLevels.Loudest(levels.Rms.Span, MostPoints))
        : new(path, false, measured.Sentence, null, 0, 0, [], []);

    /// <summary>What is to be said besides the sections; null when all is well.</summary>
    public string? Warning => DamagedFrom is { } seconds ? $"damaged from {TableSections.Time(seconds)} on. {Sentence}".TrimEnd() : Sentence;

    public static double DurationOf(Section section) => DecimalRounding.Round(section.End - section.Start, 1);
}
