namespace Isr.Audio.Detection;

/// <summary>A stretch that stands out above the background noise; seconds from the beginning of the recording.</summary>
/// <param name="Start">Of its first loud window; to one decimal.</param>
/// <param name="End">Of its last loud window, or of the recording; to one decimal.</param>
/// <param name="Score">Decibels by which it stands out; to one decimal.</param>
public readonly record struct Section(double Start, double End, double Score);
