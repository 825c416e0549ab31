namespace Isr.Audio;

/// <summary>
/// Finds frames in a stream of bytes that may begin anywhere and hold anything. Pure and incremental:
/// the caller owns the buffer, shows what is in it and drops what was consumed. No input makes it throw,
/// loop without progress or allocate.
/// </summary>
public interface IFrameReader
{
    /// <summary>
    /// The most bytes it may need to see before it consumes some of them. A caller whose buffer holds as
    /// much always gets on.
    /// </summary>
    int LookaheadBytes { get; }

    /// <summary>Bytes that belonged to no frame so far.</summary>
    long SkippedBytes { get; }

    /// <summary>Why this stream cannot be recorded at all, as a sentence; null while it can.</summary>
    string? Refusal { get; }

    /// <summary>
    /// Reads the next frame. <paramref name="consumed"/> bytes are done with, whatever is returned; the frame
    /// lies inside them. False with nothing consumed asks for more bytes.
    /// </summary>
    /// <param name="source">The bytes not yet consumed, from the oldest.</param>
    /// <param name="isFinal">No more bytes will come: a whole frame at the end is taken without its successor.</param>
    /// <param name="consumed">Bytes to drop from the front of <paramref name="source"/>: garbage and the frame.</param>
    /// <param name="frame">The frame, when true is returned.</param>
    bool TryRead(ReadOnlySpan<byte> source, bool isFinal, out int consumed, out AudioFrame frame);
}
