namespace Isr.Audio.Detection;

/// <summary>Loud windows of one recording, in which no quiet lasts long enough to end a section.</summary>
/// <param name="Before">The recording before it in the run, if there is one.</param>
/// <param name="Part">The recording.</param>
/// <param name="First">The first loud window.</param>
/// <param name="Last">The last loud window.</param>
/// <param name="Peak">Decibels above the noise floor, the most.</param>
/// <param name="Onset">Decibels of the largest rise.</param>
public readonly record struct LoudStretch(SectionPart? Before, SectionPart Part, int First, int Last, double Peak, double Onset);
