using Isr.Audio.Levels;

namespace Isr.Analysis;

/// <summary>A recording's RMS, in units of <see cref="RecordingLevels.RmsUnit"/>, and what its windows are.</summary>
internal sealed record LevelRms(int SampleRate, int WindowSamples, long Samples, ReadOnlyMemory<uint> Rms);
