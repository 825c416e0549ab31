namespace Isr.Audio;

/// <summary>
/// The smallest unit that a file may begin with: an MPEG or ADTS frame.
/// It borrows its bytes; they are good until the buffer that was read from changes.
/// </summary>
public readonly ref struct AudioFrame(ReadOnlySpan<byte> data, int samples, AudioFormat format)
{
    /// <summary>The whole frame, header included.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>Samples per channel that this frame stands for, at <see cref="AudioFormat.SampleRate"/>.</summary>
    public int Samples { get; } = samples;

    public AudioFormat Format { get; } = format;
}
