namespace Isr.Audio;

/// <summary>
/// Finds frames in a stream of bytes that may begin anywhere and hold anything. Pure and incremental:
/// the caller owns the buffer, shows what is in it and drops what was consumed. No input makes it throw,
/// loop without progress or allocate.
/// </summary>
public interface IFrameReader
{
    /// <summary>
    /// The most bytes it may need to see before it consumes some of them, as far as it knows the stream by now. A caller
    /// whose buffer holds as much, asked anew after every call, always gets on.
    /// </summary>
    int LookaheadBytes { get; }

    /// <summary>Bytes that belonged to no frame so far.</summary>
    long SkippedBytes { get; }

    /// <summary>
    /// The title that the stream's own tags give to the frame read last; null when it has none. The same instance until
    /// another is given.
    /// </summary>
    string? Title { get; }

    /// <summary>Why this stream cannot be recorded at all, as a sentence; null while it can.</summary>
    string? Refusal { get; }

    /// <summary>
    /// Reads the next frame. <paramref name="consumed"/> bytes are done with, whatever is returned; they may be none,
    /// where one page holds many packets. False with nothing consumed asks for more bytes.
    /// </summary>
    /// <param name="source">The bytes not yet consumed, from the oldest.</param>
    /// <param name="isFinal">No more bytes will come: a whole frame at the end is taken without its successor.</param>
    /// <param name="consumed">Bytes to drop from the front of <paramref name="source"/>: garbage and the frame.</param>
    /// <param name="frame">The frame, when true is returned; it lies in <paramref name="source"/> or in the reader's own memory.</param>
    bool TryRead(ReadOnlySpan<byte> source, bool isFinal, out int consumed, out AudioFrame frame);
}
