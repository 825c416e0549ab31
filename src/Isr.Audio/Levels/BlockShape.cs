namespace Isr.Audio.Levels;

/// <summary>How half a minute of levels looks where it is drawn small. The extremes are those of its windows as they are kept.</summary>
/// <param name="Minimum">The lowest sample of any channel, in 1/32768 of full scale, rounded down.</param>
/// <param name="Maximum">The highest sample of any channel, in 1/32768 of full scale, rounded up.</param>
/// <param name="Rms">Root of the mean square of its windows' RMS, in units of <see cref="RecordingLevels.RmsUnit"/>.</param>
public readonly record struct BlockShape(short Minimum, short Maximum, uint Rms);
