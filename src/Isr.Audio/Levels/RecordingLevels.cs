namespace Isr.Audio.Levels;

/// <summary>
/// How loud a recording is, window by window: windows of a tenth of a second, the last one may be shorter. All planes have
/// one value per window. Kept in a file and read again, extremes and peaks have seven significant bits, rounded outward
/// (by 0.14 dB at most): nothing ever looks smaller than it was. RMS and clipped samples are kept as they are.
/// </summary>
public sealed class RecordingLevels
{
    /// <summary>A window's RMS is kept as a whole number of these.</summary>
    public const double RmsUnit = 1e-5;

    /// <summary>So many of them are full scale.</summary>
    private const double UnitsOfFullScale = 100_000;

    public const int MaxChannels = 256;

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

    /// <summary>Samples at full scale (the lowest or the highest code), all channels together; 65535 stands for more, too.</summary>
    public required ReadOnlyMemory<ushort> Clipped { get; init; }

    /// <summary>Seconds from the start at which the recording was found to be damaged; null for a whole one.</summary>
    public double? DamagedFrom { get; set; }

    /// <summary>What lies behind so many windows.</summary>
    public RecordingLevels From(int window) => new()
    {
        SampleRate = SampleRate,
        Channels = Channels,
        WindowSamples = WindowSamples,
        Samples = Math.Max(0, Samples - ((long)window * WindowSamples)),
        Rms = Rms[window..],
        Minimum = Minimum[window..],
        Maximum = Maximum[window..],
        Peaks = [.. Peaks.Select(peaks => peaks[window..])],
        Clipped = Clipped[window..],
    };

    /// <summary>The loudest window of each of so many equal stretches, fewer where there are fewer windows; full scale is 1.</summary>
    public static double[] Loudest(ReadOnlySpan<uint> rms, int mostStretches)
    {
        var points = new double[Math.Min(mostStretches, rms.Length)];
        for (var i = 0; i < points.Length; i++)
        {
            var loudest = 0u;
            foreach (var level in rms[(int)((long)i * rms.Length / points.Length)..(int)((long)(i + 1) * rms.Length / points.Length)])
            {
                loudest = Math.Max(loudest, level);
            }

            // Divided, so that it is the very number that its decimals say.
            points[i] = loudest / UnitsOfFullScale;
        }

        return points;
    }

    /// <summary>Samples per channel of a window at that rate.</summary>
    public static int WindowOf(int sampleRate) => Math.Max(1, sampleRate / 10);
}
