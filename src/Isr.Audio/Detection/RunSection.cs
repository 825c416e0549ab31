namespace Isr.Audio.Detection;

/// <summary>A section that may reach over several recordings.</summary>
/// <param name="First">The recording in which it begins.</param>
/// <param name="Start">Seconds from the beginning of that; to one decimal.</param>
/// <param name="Last">The recording in which it ends.</param>
/// <param name="End">Seconds from the beginning of that; to one decimal.</param>
/// <param name="Score">Decibels by which it stands out; to one decimal.</param>
public readonly record struct RunSection(SectionPart First, double Start, SectionPart Last, double End, double Score);
