using Isr.Audio.Levels;

namespace Isr.Analysis;

/// <summary>A recording's RMS, in units of <see cref="RecordingLevels.RmsUnit"/>, what its windows are, and from which second on it is damaged.</summary>
internal sealed record LevelRms(int SampleRate, int WindowSamples, long Samples, ReadOnlyMemory<uint> Rms, double? DamagedFrom = null);
