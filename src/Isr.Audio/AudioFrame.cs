namespace Isr.Audio;

/// <summary>
/// The smallest unit that a file may begin with: an MPEG, ADTS or FLAC frame, an Ogg packet.
/// It borrows its bytes; they are good until the reader is called again or the buffer that was read from changes.
/// </summary>
public readonly ref struct AudioFrame(ReadOnlySpan<byte> data, int samples, AudioFormat format, long? lost = null, int unheard = 0, StreamPosition? position = null)
{
    /// <summary>The whole frame, header included.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;

    /// <summary>
    /// Samples per channel that this frame adds to the stream, at <see cref="AudioFormat.SampleRate"/>. 0 for a packet
    /// that only prepares the decoder: it is no beginning of a file.
    /// </summary>
    public int Samples { get; } = samples;

    /// <summary>
    /// Samples per channel that come before those and are decoded but never heard: time in which the source sent what its
    /// players drop (the pre-skip of Opus).
    /// </summary>
    public int Unheard { get; } = unheard;

    public AudioFormat Format { get; } = format;

    /// <summary>
    /// Null when the frame follows on the one before. Otherwise something is missing between them: so many samples per
    /// channel, or 0 where nothing tells how many.
    /// </summary>
    public long? Lost { get; } = lost;

    /// <summary>
    /// Where the stream itself says that this frame begins, with what is <see cref="Unheard"/> of it; null where it does
    /// not tell, or not yet.
    /// </summary>
    public StreamPosition? Position { get; } = position;
}
