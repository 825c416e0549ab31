using Isr.Audio.Levels;

namespace Isr.Audio.Detection;

/// <summary>Finds what stands out above the background noise.</summary>
public static class SectionDetector
{
    /// <summary>The sections of one recording, in order.</summary>
    public static IReadOnlyList<Section> Detect(RecordingLevels levels, DetectionParameters parameters) => throw new NotSupportedException();
}
