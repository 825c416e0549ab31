namespace Isr.Sources.Alsa;

/// <summary>What a configured <c>device</c> led to.</summary>
/// <param name="Pcm">What ALSA is to open; null when there is none.</param>
/// <param name="Name">For people.</param>
/// <param name="Sentence">Why there is none, and what to do; "" when there is one.</param>
internal readonly record struct DeviceAnswer(string? Pcm, string Name, string Sentence);
