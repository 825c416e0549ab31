namespace Isr.Audio.Levels;

/// <summary>
/// How loud a recording is, window by window: windows of a tenth of a second, the last one may be shorter. All planes have
/// one value per window.
/// </summary>
public sealed class RecordingLevels
{
    /// <summary>A window's RMS is kept as a whole number of these.</summary>
    public const double RmsUnit = 1e-5;

    public required int SampleRate { get; init; }

    public required int Channels { get; init; }

    /// <summary>Samples per channel of a whole window: <c>SampleRate / 10</c>, rounded down.</summary>
    public required int WindowSamples { get; init; }

    /// <summary>Samples per channel of the recording.</summary>
    public required long Samples { get; init; }

    /// <summary>RMS of the mean of all channels, in units of <see cref="RmsUnit"/> of full scale.</summary>
    public required ReadOnlyMemory<uint> Rms { get; init; }

    /// <summary>The lowest sample of any channel, in 1/32768 of full scale, rounded down.</summary>
    public required ReadOnlyMemory<short> Minimum { get; init; }

    /// <summary>The highest sample of any channel, in 1/32768 of full scale, rounded up; at most 32767.</summary>
    public required ReadOnlyMemory<short> Maximum { get; init; }

    /// <summary>For each channel the largest absolute sample, in 1/32768 of full scale, rounded up; at most 65535.</summary>
    public required IReadOnlyList<ReadOnlyMemory<ushort>> Peaks { get; init; }

    /// <summary>Samples at full scale, all channels together.</summary>
    public required ReadOnlyMemory<ushort> Clipped { get; init; }
}
