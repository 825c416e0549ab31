namespace Isr.Audio.Levels;

/// <summary>What half a minute of levels comes to; in units of <see cref="RecordingLevels.RmsUnit"/>.</summary>
/// <param name="Floor">A fifth of its windows are below: of n in order, number n * 20 / 100, from 0.</param>
/// <param name="Loudest">The largest RMS of its windows.</param>
public readonly record struct LevelBlock(uint Floor, uint Loudest);
