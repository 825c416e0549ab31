namespace Isr.Audio;

/// <summary>A header from which the place of the next one follows; what <see cref="FrameChain{THeader}"/> climbs along.</summary>
internal interface IFrameHeader<TSelf>
    where TSelf : struct, IFrameHeader<TSelf>
{
    /// <summary>Bytes that <see cref="TryRead"/> needs.</summary>
    static abstract int HeaderBytes { get; }

    static abstract bool TryRead(ReadOnlySpan<byte> source, out TSelf header);

    /// <summary>Bytes from this header to the next; 0 when the header does not tell.</summary>
    int FrameLength { get; }

    /// <summary>Samples per channel of the frame.</summary>
    int FrameSamples { get; }

    AudioFormat Format { get; }

    /// <summary>Whether both can belong to one stream.</summary>
    bool IsConsistentWith(in TSelf other);
}
