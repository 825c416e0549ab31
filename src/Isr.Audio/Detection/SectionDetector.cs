using Isr.Audio.Levels;

namespace Isr.Audio.Detection;

/// <summary>Finds what stands out above the background noise.</summary>
public static class SectionDetector
{
    /// <summary>The sections of one recording, in order.</summary>
    public static IReadOnlyList<Section> Detect(RecordingLevels levels, DetectionParameters parameters) =>
        Detect(new LevelsPart(default, levels.SampleRate, levels.Samples, levels.Rms), parameters);

    /// <summary>The same, of levels whose blocks were measured before.</summary>
    public static IReadOnlyList<Section> Detect(LevelsPart levels, DetectionParameters parameters)
    {
        using var run = new SectionRun(parameters);
        run.Add(levels);
        return [.. run.Finish().Select(s => new Section(s.Start, s.End, s.Score))];
    }
}
