using Isr.Audio.Levels;

namespace Isr.Recording;

/// <summary>Some windows of one source, taken together; the reader's own, used again and again.</summary>
internal sealed class MeterReading
{
    private const double PeakFullScale = 32768;

    private readonly ushort[] _peaks = new ushort[SourceMeter.MaxChannels];
    private double _squares;
    private int _channels;

    public int Windows { get; private set; }

    /// <summary>Samples at full scale.</summary>
    public int Clipped { get; private set; }

    public int Channels => _channels;

    /// <summary>In dB of full scale to one decimal; null for silence.</summary>
    public double? Rms => Windows == 0 ? null : Decibels(Math.Sqrt(_squares / Windows) * RecordingLevels.RmsUnit);

    /// <summary>A channel's highest sample, likewise.</summary>
    public double? Peak(int channel) => Decibels(_peaks[channel] / PeakFullScale);

    internal ushort[] Spare { get; } = new ushort[SourceMeter.MaxChannels];

    internal void Clear()
    {
        (_squares, _channels, Windows, Clipped) = (0, 0, 0, 0);
        _peaks.AsSpan().Clear();
    }

    internal void Add(uint rms, int clipped, ReadOnlySpan<ushort> peaks)
    {
        if (peaks.Length != _channels)
        {
            // Another format: what was before is no longer of interest.
            Clear();
            _channels = peaks.Length;
        }

        _squares += (double)rms * rms;
        Clipped += clipped;
        Windows++;
        for (var i = 0; i < peaks.Length; i++)
        {
            _peaks[i] = Math.Max(_peaks[i], peaks[i]);
        }
    }

    /// <summary>The least that can be told is -100 dB for the RMS, -90.3 dB for a peak.</summary>
    private static double? Decibels(double amplitude) =>
        amplitude > 0 ? Math.Round(20 * Math.Log10(amplitude), 1) + 0.0 : null; // Never -0.
}
