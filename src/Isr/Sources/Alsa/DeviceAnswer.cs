namespace Isr.Sources.Alsa;

/// <summary>What a configured <c>device</c> led to: a PCM that can be opened by its name, or why there is none.</summary>
/// <param name="Pcm">The name to open; null when there is none.</param>
/// <param name="Sentence">Why there is none, for people.</param>
internal readonly record struct DeviceAnswer(string? Pcm, string? Sentence);
