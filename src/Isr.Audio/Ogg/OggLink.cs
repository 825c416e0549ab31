namespace Isr.Audio.Ogg;

/// <summary>
/// One logical stream of a chain: its headers, then its packets, counted in samples and held against the granule
/// positions of the pages.
/// </summary>
internal sealed class OggLink(OggMapping mapping, uint serial)
{
    // A hole that claims to be longer is a granule position gone wrong.
    private const int MaxLostSeconds = 3600;

    // What keeping a header costs beside its bytes, so that a million empty ones count, too.
    private const int BytesPerHeader = 64;

    private readonly PacketBuffer _lastPacket = new();
    private int _previous;
    private int _skipLeft;
    private long _position;
    private bool _isTrimmed;
    private bool _hasHole;
    private long? _lost;

    /// <summary>The headers are all there; what follows is audio.</summary>
    public bool AreHeadersWhole { get; private set; }

    /// <summary>What the headers take in memory, roughly.</summary>
    public int HeaderBytes { get; private set; }

    /// <summary>It had a last page that said so.</summary>
    public bool WasEnded { get; set; }

    public string? Title => mapping.Title;

    public int PreSkip => mapping.PreSkip;

    /// <summary>Null until the first packet of audio has shown whether this link carries on the one before.</summary>
    public StreamSetup? Setup { get; private set; }

    public AudioFormat Format { get; private set; }

    /// <summary>The granule position of its first sample, as the last page told; null before any did.</summary>
    public long? GranuleBase { get; private set; }

    /// <summary>Takes a packet when it is a header; false when it is audio.</summary>
    public HeaderVerdict TakeHeader(ReadOnlySpan<byte> packet)
    {
        var verdict = mapping.TakeHeader(packet);
        HeaderBytes += packet.Length + BytesPerHeader;
        AreHeadersWhole = verdict is HeaderVerdict.Last or HeaderVerdict.Audio;
        return verdict;
    }

    /// <summary>Takes a packet behind the headers; false when it is no audio, or is known from the link before.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="before">The link before, until this one has given a frame.</param>
    /// <param name="frame">The frame, when true is returned.</param>
    /// <param name="skipped">Bytes of a packet that is no audio.</param>
    public bool TryTake(scoped in OggPacket packet, OggLink? before, out AudioFrame frame, out int skipped)
    {
        frame = default;
        skipped = 0;
        if (Setup is not null && (_hasHole || packet.FollowsHole))
        {
            _lost = (_lost ?? 0) + FindLoss(packet);
            BeginAnew(Setup);
        }
        else if (Setup is not null && _isTrimmed)
        {
            // The link goes on behind its own end, where no file could.
            BeginAnew(Setup);
        }

        var samples = mapping.Measure(packet.Data, ref _previous);
        if (samples < 0)
        {
            _hasHole = mapping.NeedsEveryPacket;
            skipped = packet.Data.Length;
            return false;
        }

        if (Setup is null && BeginsAsRepeat(before, packet))
        {
            return false;
        }

        var heard = Count(samples, packet);
        var unheard = Math.Min(_skipLeft, heard);
        _skipLeft -= unheard;
        var position = GranuleBase is { } first ? new StreamPosition(serial, first + _position - samples) : (StreamPosition?)null;
        frame = new AudioFrame(packet.Data, heard - unheard, Format, _lost, unheard, position);
        _lost = null;
        return true;
    }

    /// <summary>The first packet of audio shows whether the link carries on the one before; true when it is that one's last packet.</summary>
    private bool BeginsAsRepeat(OggLink? before, in OggPacket packet)
    {
        // Whoever joins later gets the headers and then pages from the middle.
        GranuleBase = packet.FollowsHole ? null : 0;
        if (before is { Setup: not null, _isTrimmed: false })
        {
            var isRepeat = before._lastPacket.Span.SequenceEqual(packet.Data);
            if (before.Continues(mapping, isRepeat))
            {
                (Setup, Format) = (before.Setup, before.Format);
                return isRepeat;
            }
        }

        Begin(new StreamSetup(mapping.Headers));
        return false;
    }

    private bool Continues(OggMapping next, bool isRepeat) => mapping.IsContinuedBy(next, isRepeat, WasEnded);

    private void BeginAnew(StreamSetup setup)
    {
        (_hasHole, _isTrimmed, _previous) = (false, false, 0);
        Begin(new StreamSetup(setup.Headers));
    }

    private void Begin(StreamSetup setup)
    {
        Setup = setup;
        Format = mapping.GetFormat(setup);
        _skipLeft = mapping.PreSkip;
    }

    /// <summary>Samples of a packet that belong to the stream.</summary>
    private int Count(int samples, in OggPacket packet)
    {
        _position += samples;
        return packet.IsLastOnPage ? samples - FinishPage(samples, packet) : samples;
    }

    /// <summary>
    /// Holds the position against the page's; on the last page of a link, the samples of the last packet that lie behind
    /// the end (RFC 3533 leaves that to codecs; Vorbis I, appendix A.2; RFC 7845, section 4.4).
    /// </summary>
    private int FinishPage(int samples, in OggPacket packet)
    {
        if (mapping.MayBeRepeated)
        {
            _lastPacket.Set(packet.Data);
        }

        var granule = packet.Page.Granule;
        if (granule < 0)
        {
            return 0;
        }

        if (!packet.Page.Has(OggPageFlags.End) || !mapping.MayEndInPacket || GranuleBase is not { } first)
        {
            GranuleBase = granule - _position;
            return 0;
        }

        var behind = Math.Clamp(first + _position - granule, 0, samples);
        _isTrimmed = behind > 0;
        return (int)behind;
    }

    /// <summary>Samples between the last packet and this one; 0 when nothing tells.</summary>
    private long FindLoss(in OggPacket packet)
    {
        var page = packet.Page;
        if (GranuleBase is not { } first || page.Granule < 0)
        {
            return 0;
        }

        var previous = 0;
        var here = (long)Math.Max(0, mapping.Measure(packet.Data, ref previous));
        var body = page.Body[packet.NextOffset..];
        var length = 0;
        foreach (var segment in page.Segments[packet.NextSegment..])
        {
            length += segment;
            if (segment < OggPage.FullSegment)
            {
                here += length > 0 ? Math.Max(0, mapping.Measure(body[..length], ref previous)) : 0;
                body = body[length..];
                length = 0;
            }
        }

        var lost = page.Granule - here - first - _position;
        if (lost <= 0 || lost > (long)MaxLostSeconds * Format.SampleRate)
        {
            return 0;
        }

        _position += lost;
        return lost;
    }
}
