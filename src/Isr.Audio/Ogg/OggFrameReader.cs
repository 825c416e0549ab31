namespace Isr.Audio.Ogg;

/// <summary>
/// Reads an Ogg stream with Vorbis, Opus or FLAC in it. Its frames are packets. The links of a chained stream follow one
/// another: one that provably carries on the link before keeps its <see cref="StreamSetup"/>, any other has a new
/// one, and so have the packets behind a hole.
/// </summary>
public sealed class OggFrameReader : IFrameReader
{
    private const int MaxHeaderBytes = 4 * 1024 * 1024;
    private const int MaxPacketBytes = 2 * 1024 * 1024;

    // After so much of a stream its beginning will not come any more.
    private const int MaxBytesBeforeHeaders = 48 * 1024;

    private readonly OggPacketReader _packets = new() { MaxPacketBytes = MaxHeaderBytes };
    private OggLink? _link;
    private OggLink? _before;
    private bool _hasBegun;
    private long _skippedPacketBytes;

    public int LookaheadBytes => _packets.LookaheadBytes;

    public long SkippedBytes => _packets.SkippedBytes + _skippedPacketBytes;

    public string? Title { get; private set; }

    public string? Refusal { get; private set; }

    /// <summary>The granule position at which the present link began; null until a page told it.</summary>
    internal long? GranuleBase => _link?.GranuleBase;

    /// <summary>Samples at the start of the present link that are not heard.</summary>
    internal int PreSkip => _link?.PreSkip ?? 0;

    /// <summary>The serial number of the present link.</summary>
    internal uint Serial => _packets.Serial;

    public bool TryRead(ReadOnlySpan<byte> source, bool isFinal, out int consumed, out AudioFrame frame)
    {
        consumed = 0;
        frame = default;
        while (Refusal is null)
        {
            var hasPacket = _packets.TryRead(source[consumed..], isFinal, out var taken, out var packet);
            consumed += taken;
            if (hasPacket && packet.BeginsStream)
            {
                BeginLink(packet.Data);
            }

            Refusal ??= FindRefusal();
            if (!hasPacket || Refusal is not null)
            {
                return false;
            }

            if (TryTake(packet, out frame))
            {
                return true;
            }
        }

        return false;
    }

    private void BeginLink(ReadOnlySpan<byte> first)
    {
        if (_link?.Setup is not null)
        {
            _before = _link;
            _before.WasEnded = _packets.WasEndedBefore;
        }

        _hasBegun = true;
        _packets.MaxPacketBytes = MaxHeaderBytes;
        if (OggMappings.Create(first) is { } mapping)
        {
            _link = new OggLink(mapping, _packets.Serial);
        }
        else
        {
            Refusal = $"The Ogg stream holds {OggMappings.NameOf(first)}, which is not recorded: only Vorbis, Opus and FLAC are.";
        }
    }

    private string? FindRefusal()
    {
        if (_packets.IsInterleaved)
        {
            return "The Ogg stream interleaves several logical streams (video or a skeleton beside the audio), which is not recorded.";
        }

        if (_link is { AreHeadersWhole: false } && (_packets.HadLongPacket || _link.HeaderBytes > MaxHeaderBytes))
        {
            return "The stream's headers are larger than 4 MiB (a picture?), which is not recorded.";
        }

        return !_hasBegun && SkippedBytes > MaxBytesBeforeHeaders
            ? "The Ogg stream has no header pages, without which no decoder can begin."
            : null;
    }

    private bool TryTake(scoped in OggPacket packet, out AudioFrame frame)
    {
        frame = default;
        if (_link is { AreHeadersWhole: false } && IsHeader(packet.Data))
        {
            return false;
        }

        if (_link is null)
        {
            _skippedPacketBytes += packet.Data.Length;
            return false;
        }

        var isTaken = _link.TryTake(packet, _before, out frame, out var skipped);
        _skippedPacketBytes += skipped;
        if (isTaken)
        {
            _before = null;
            Title = _link.Title;
        }

        return isTaken;
    }

    private bool IsHeader(ReadOnlySpan<byte> packet)
    {
        var verdict = _link!.TakeHeader(packet);
        if (verdict == HeaderVerdict.Broken)
        {
            // Nothing of this link can be decoded; the next may be better.
            _link = null;
            return false;
        }

        _packets.MaxPacketBytes = _link.AreHeadersWhole ? MaxPacketBytes : MaxHeaderBytes;
        return verdict != HeaderVerdict.Audio;
    }
}
