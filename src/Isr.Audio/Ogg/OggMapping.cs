namespace Isr.Audio.Ogg;

/// <summary>What a packet at the head of a logical stream is to its codec.</summary>
internal enum HeaderVerdict
{
    /// <summary>A header; more follow.</summary>
    More,

    /// <summary>The last header.</summary>
    Last,

    /// <summary>The first packet of audio: the headers before it were all.</summary>
    Audio,

    /// <summary>Not what the codec asks for.</summary>
    Broken,
}

/// <summary>
/// How one codec is mapped into Ogg: what its headers are and how long its packets sound. One instance is one link
/// of a stream.
/// </summary>
internal abstract class OggMapping
{
    private readonly List<byte[]> _headers = [];

    /// <summary>The headers that are repeated in files: <see cref="StreamSetup.Headers"/>.</summary>
    public IReadOnlyList<byte[]> Headers => _headers;

    /// <summary>From the link's comments.</summary>
    public string? Title { get; protected set; }

    /// <summary>Samples at the start of the link that are decoded and not heard.</summary>
    public virtual int PreSkip => 0;

    /// <summary>
    /// Whether a packet that is no audio leaves a hole in the sound. Decoders of Vorbis and Opus pass over it and go
    /// on; a FLAC frame that is damaged is a frame that is missing.
    /// </summary>
    public virtual bool NeedsEveryPacket => false;

    /// <summary>Whether the next link may begin with the last packet of this one.</summary>
    public virtual bool MayBeRepeated => false;

    public abstract HeaderVerdict TakeHeader(ReadOnlySpan<byte> packet);

    /// <summary>The format of all frames of this link; known when the headers are.</summary>
    public abstract AudioFormat GetFormat(StreamSetup setup);

    /// <summary>Samples that a packet adds to what is decoded; -1 when it is no audio.</summary>
    /// <param name="packet">The whole packet, not empty.</param>
    /// <param name="previous">What the codec must know of the packet before; 0 at a beginning.</param>
    public abstract int Measure(ReadOnlySpan<byte> packet, ref int previous);

    /// <summary>
    /// Whether <paramref name="next"/> carries this link on, so that its frames can stand in the same file as if
    /// the stream had never been interrupted.
    /// </summary>
    /// <param name="next">The link that follows.</param>
    /// <param name="isRepeat">The last packet of this link is the first of the next.</param>
    /// <param name="wasEnded">This link has a last page that says so.</param>
    public abstract bool IsContinuedBy(OggMapping next, bool isRepeat, bool wasEnded);

    protected void Keep(ReadOnlySpan<byte> header) => _headers.Add(header.ToArray());
}
