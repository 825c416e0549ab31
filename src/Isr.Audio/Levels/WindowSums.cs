namespace Isr.Audio.Levels;

/// <summary>What has been measured of one window, or of a part of one.</summary>
internal abstract class WindowSums
{
    /// <summary>Samples at full scale, all channels together.</summary>
    public long Clipped { get; protected set; }

    /// <summary>Takes whole moments.</summary>
    /// <param name="samples">At most <see cref="LevelKernels.MaxMoments"/> of them.</param>
    /// <param name="position">Where in the window the first one is.</param>
    public abstract void Add(ReadOnlySpan<byte> samples, int position);

    /// <summary>Takes what was measured behind this in the same window.</summary>
    public abstract void Append(WindowSums next);

    /// <summary>RMS of the channels' mean over so many moments, full scale being 1.</summary>
    public abstract double Rms(int moments);

    /// <summary>Each channel's extremes in 1/32768 of full scale, rounded outward; ±65536 stand for more, too.</summary>
    public abstract void GetExtremes(Span<Extremes> channels);

    /// <summary>As before the first sample.</summary>
    public abstract void Clear();
}
