namespace Isr.Audio.Levels;

/// <summary>The recording that levels are of, as it was: they hold for it only while both are still the same.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="ModifiedUtc">When it was last changed.</param>
public readonly record struct RecordingKey(long Bytes, DateTime ModifiedUtc);
