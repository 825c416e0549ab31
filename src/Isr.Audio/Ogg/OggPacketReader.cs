namespace Isr.Audio.Ogg;

/// <summary>
/// Takes packets out of the pages of an Ogg stream (RFC 3533), from whatever bytes come. It follows one logical stream,
/// the one that began last, and passes over pages of others. Empty packets are dropped.
/// </summary>
internal sealed class OggPacketReader
{
    private const int LeastLookahead = 8 * 1024;

    private readonly PacketBuffer _partial = new();
    private bool _isPartialTaken;

    // The page that is being taken apart, at the front of what the caller shows; 0 when there is none.
    private int _pageLength;
    private int _segment;
    private int _offset;
    private int _packetsLeft;
    private bool _beginsStream;

    // The packet whose end comes next has no beginning here.
    private bool _lacksBeginning;

    private bool _hasStream;
    private bool _hasSecondPage;
    private uint _sequence;
    private bool _hasHole;
    private bool _isEnded;

    public int LookaheadBytes { get; private set; } = LeastLookahead;

    /// <summary>Bytes that were no page, pages of no use, and packets of which a part is missing.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>The longest packet that is put together; what is longer is dropped, and is a hole.</summary>
    public int MaxPacketBytes { get; set; } = int.MaxValue;

    /// <summary>The serial number of the stream that is followed.</summary>
    public uint Serial { get; private set; }

    /// <summary>A second logical stream began before the first had a second page: they are interleaved (RFC 3533, section 4).</summary>
    public bool IsInterleaved { get; private set; }

    /// <summary>The stream before the one that is followed had a last page that said so; it may have had no packets.</summary>
    public bool WasEndedBefore { get; private set; }

    /// <summary>A packet of the present stream was longer than allowed.</summary>
    public bool HadLongPacket { get; private set; }

    /// <summary>True with a packet, which is good until the next call; false when more bytes are needed.</summary>
    public bool TryRead(ReadOnlySpan<byte> source, bool isFinal, out int consumed, out OggPacket packet)
    {
        consumed = 0;
        packet = default;
        if (_isPartialTaken)
        {
            _isPartialTaken = false;
            _partial.Clear();
        }

        while (_pageLength > 0 || TryBeginPage(source, isFinal, ref consumed))
        {
            var page = OggPage.Reread(source[consumed..], _pageLength);
            var hasPacket = TryTakePacket(page, out packet);
            if (_segment == page.Segments.Length)
            {
                consumed += _pageLength;
                _pageLength = 0;
            }

            if (hasPacket)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes to the next page of the stream; false when more bytes are needed.</summary>
    private bool TryBeginPage(ReadOnlySpan<byte> source, bool isFinal, ref int consumed)
    {
        while (consumed < source.Length)
        {
            var rest = source[consumed..];
            if (OggPage.TryRead(rest, out var page, out var needed))
            {
                LookaheadBytes = Math.Max(LookaheadBytes, page.Length);
                if (Follow(page))
                {
                    _pageLength = page.Length;
                    return true;
                }

                SkippedBytes += page.Length;
                consumed += page.Length;
            }
            else if (needed > 0 && !isFinal)
            {
                LookaheadBytes = Math.Max(LookaheadBytes, needed);
                return false;
            }
            else
            {
                var next = rest[1..].IndexOf(OggPage.Magic[0]);
                var garbage = next < 0 ? rest.Length : next + 1;
                SkippedBytes += garbage;
                consumed += garbage;
            }
        }

        return false;
    }

    /// <summary>Whether a page belongs to the stream that is followed; a first page makes its stream that one.</summary>
    private bool Follow(in OggPage page)
    {
        _beginsStream = page.Has(OggPageFlags.Begin);
        if (_beginsStream)
        {
            IsInterleaved |= _hasStream && !_hasSecondPage && page.Serial != Serial;
            DropPartial();
            Serial = page.Serial;
            WasEndedBefore = _isEnded;
            (_hasStream, _hasSecondPage, _hasHole, _lacksBeginning, HadLongPacket) = (true, false, false, false, false);
        }
        else if (!_hasStream || page.Serial != Serial)
        {
            return false;
        }
        else
        {
            _hasSecondPage = true;
            var isContinued = page.Has(OggPageFlags.Continued);
            if (page.Sequence != _sequence + 1 || isContinued != (_partial.Length > 0 || _lacksBeginning))
            {
                _hasHole = true;
                DropPartial();
            }

            _lacksBeginning = isContinued && _partial.Length == 0;
        }

        _isEnded = page.Has(OggPageFlags.End);
        _sequence = page.Sequence;
        (_segment, _offset) = (0, 0);
        _packetsLeft = CountPackets(page);
        return true;
    }

    /// <summary>Packets that end on the page and are not empty.</summary>
    private int CountPackets(in OggPage page)
    {
        var count = 0;
        var length = _partial.Length;
        var isWanted = !_lacksBeginning;
        foreach (var segment in page.Segments)
        {
            length += segment;
            if (segment < OggPage.FullSegment)
            {
                count += isWanted && length > 0 ? 1 : 0;
                length = 0;
                isWanted = true;
            }
        }

        return count;
    }

    private bool TryTakePacket(scoped in OggPage page, out OggPacket packet)
    {
        packet = default;
        while (_segment < page.Segments.Length)
        {
            var piece = TakePiece(page, out var isEnd);
            if (_lacksBeginning)
            {
                SkippedBytes += piece.Length;
                _lacksBeginning = !isEnd;
            }
            else if (_partial.Length + piece.Length > MaxPacketBytes)
            {
                HadLongPacket = true;
                _hasHole = true;
                DropPartial();
                SkippedBytes += piece.Length;
                _lacksBeginning = !isEnd;
                _packetsLeft -= isEnd ? 1 : 0;
            }
            else if (!isEnd)
            {
                _partial.Append(piece);
            }
            else if (_partial.Length + piece.Length > 0)
            {
                packet = Finish(piece, page);
                return true;
            }
        }

        return false;
    }

    private OggPacket Finish(ReadOnlySpan<byte> piece, scoped in OggPage page)
    {
        if (_partial.Length > 0)
        {
            _partial.Append(piece);
            _isPartialTaken = true;
        }

        _packetsLeft--;
        var packet = new OggPacket
        {
            Data = _isPartialTaken ? _partial.Span : piece,
            Page = page,
            NextSegment = _segment,
            NextOffset = _offset,
            IsLastOnPage = _packetsLeft == 0,
            BeginsStream = _beginsStream,
            FollowsHole = _hasHole,
        };
        (_beginsStream, _hasHole) = (false, false);
        return packet;
    }

    /// <summary>The page's part of the next packet.</summary>
    private ReadOnlySpan<byte> TakePiece(scoped in OggPage page, out bool isEnd)
    {
        var start = _offset;
        isEnd = false;
        while (_segment < page.Segments.Length && !isEnd)
        {
            var segment = page.Segments[_segment++];
            _offset += segment;
            isEnd = segment < OggPage.FullSegment;
        }

        return page.Body[start.._offset];
    }

    private void DropPartial()
    {
        SkippedBytes += _partial.Length;
        _partial.Clear();
    }
}
