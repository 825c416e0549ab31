namespace Isr.Playback.Samples;

/// <summary>
/// The samples of a recording, of whatever format, from any place on, as far as it is on disk when this is made. They are read in steps of bounded
/// size, each whole, so that no decoder ever waits for a slow listener.
/// </summary>
internal abstract class RecordingSamples : IDisposable
{
    /// <summary>The most that a step takes as samples.</summary>
    public const int MostStepBytes = 16 << 20;

    private const int MostStepSeconds = 60;

    // What channels times bytes of a sample can be at most where a file does not tell: 8 of single precision.
    private const int UsualMomentBytes = 8 * sizeof(float);

    /// <summary>By what rate places are counted. What is decoded may have twice as many (HE-AAC).</summary>
    public abstract int SampleRate { get; }

    /// <summary>As the file tells; 0 where only decoding does.</summary>
    public abstract int Channels { get; }

    /// <summary>Bits of a sample as it is stored; 0 where the format has none.</summary>
    public abstract int BitsPerSample { get; }

    /// <summary>Per channel.</summary>
    public abstract long Samples { get; }

    /// <summary>Samples per channel of the longest step.</summary>
    public int StepSamples => (int)Math.Min((long)MostStepSeconds * SampleRate, MostStepBytes / Math.Max(UsualMomentBytes, MomentBytes) / 2);

    /// <summary>Bytes of one sample of all channels; 0 where that is not known.</summary>
    protected virtual int MomentBytes => 0;

    /// <summary>
    /// Reads a step. Null when samples were read, fewer than wanted only where the recording has no more or lacks some; else a sentence.
    /// </summary>
    /// <param name="first">The first sample, counted from the recording's first.</param>
    /// <param name="count">At most <see cref="StepSamples"/>.</param>
    /// <param name="into">Filled with them alone.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public abstract Task<string?> ReadAsync(long first, int count, PcmBuffer into, CancellationToken cancellationToken);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected abstract void Dispose(bool disposing);
}
