using System.Buffers;
using Isr.Audio.Mpeg;

namespace Isr.Audio.Flac;

/// <summary>What a <see cref="FlacFrameFinder"/> came upon.</summary>
internal enum FlacFind
{
    /// <summary>More bytes will tell.</summary>
    Nothing,
    Frame,

    /// <summary>The marker of a stream that begins, with its first block.</summary>
    StreamStart,

    /// <summary>An ID3v2 tag right behind a frame.</summary>
    Tag,
}

/// <summary>
/// Finds the frames of FLAC, whose headers do not say how long they are. A frame ends where something else begins (a
/// header, the marker of a new stream, a tag, the end of all) and the CRC-16 over the bytes up to there fits.
/// A header by itself is known bits and a CRC-8, and happens by chance every 16 MB; a stream that was entered or broken
/// off anywhere has headers whose frames have no end. So all places where a frame may begin are kept until the oldest is
/// settled. One running CRC, made comparable by <see cref="FlacCrc.Mark"/>, tells of any two places whether a frame lies
/// between them, so that each byte is looked at once whatever the bytes are.
/// </summary>
internal sealed class FlacFrameFinder
{
    // A stream has two or three at a time. Bytes that were made to be full of headers get no more.
    private const int MaxPlaces = 16;

    // At the end of all, the last frame may be followed by so little of a header.
    private const int MaxCutHeader = FlacHeader.MaxHeaderBytes - 1;

    private static readonly SearchValues<byte> Beginnings = SearchValues.Create(0xFF, (byte)'f', (byte)'I');

    private readonly Place[] _places = new Place[MaxPlaces];
    private int _count;
    private int _scanned;
    private int _crcEnd;
    private ushort _crc;
    private long _crcLength;

    private enum PlaceKind
    {
        Header,
        StreamStart,
        Tag,
        CutHeader,
        End,
    }

    private enum Verdict
    {
        Unsure,
        Whole,
        Chance,
    }

    /// <summary>Bytes that settle the oldest header, if there is one.</summary>
    public int NeededBytes { get; private set; }

    /// <summary>
    /// Goes on to the next frame or whatever else a stream has. The first <paramref name="skipped"/> bytes belong to
    /// nothing; a frame is the <paramref name="length"/> bytes behind them. All these must be gone from
    /// <paramref name="source"/> at the next call.
    /// </summary>
    public FlacFind Next(ReadOnlySpan<byte> source, bool isFinal, out int skipped, out int length, out FlacHeader header)
    {
        length = 0;
        header = default;
        NeededBytes = 0;
        while (true)
        {
            if (_count > 0)
            {
                ref var front = ref _places[0];
                skipped = front.At;
                if (front.Kind is PlaceKind.StreamStart or PlaceKind.Tag)
                {
                    var found = front.Kind == PlaceKind.Tag ? FlacFind.Tag : FlacFind.StreamStart;
                    Reset();
                    return found;
                }

                if (front.Kind is PlaceKind.CutHeader or PlaceKind.End)
                {
                    skipped = source.Length;
                    Reset();
                    return FlacFind.Nothing;
                }

                switch (Judge(out var end))
                {
                    case Verdict.Whole:
                        header = front.Header;
                        length = _places[end].At - skipped;
                        Drop(end);
                        MoveBack(skipped + length);
                        return FlacFind.Frame;
                    case Verdict.Chance:
                        Drop(1);
                        continue;
                    default:
                        break;
                }
            }

            // That nothing follows for as long as a frame may be says something, too.
            if (!TryAddPlace(source, isFinal) && (_count == 0 || Judge(out _) == Verdict.Unsure))
            {
                skipped = _count > 0 ? _places[0].At : _scanned;
                MoveBack(skipped);
                return FlacFind.Nothing;
            }
        }
    }

    /// <summary>Forgets what was seen: the next bytes are others.</summary>
    public void Reset()
    {
        _count = 0;
        _scanned = 0;
    }

    /// <summary>Whether a frame begins at the oldest place, and at which one it ends.</summary>
    private Verdict Judge(out int end)
    {
        ref var front = ref _places[0];
        var fitting = 0;
        for (end = 1; end < _count; end++)
        {
            if (IsFrame(0, end))
            {
                if (IsExpectedEnd(0, end))
                {
                    // Two whole frames together fit as well as each of them.
                    end = fitting != 0 && IsFrame(fitting, end) ? fitting : end;
                    return Verdict.Whole;
                }

                fitting = fitting == 0 ? end : fitting;
            }
        }

        // Another format or number than the one that should follow: believed when a frame is there, too.
        end = fitting;
        for (var next = fitting + 1; fitting != 0 && next < _count; next++)
        {
            if (IsFrame(fitting, next))
            {
                return Verdict.Whole;
            }
        }

        // With a whole frame behind it, this one has ended or is only the beginning of one.
        for (var later = 1; later < _count; later++)
        {
            if (IsSure(later))
            {
                return fitting != 0 && fitting <= later ? Verdict.Whole : Verdict.Chance;
            }
        }

        var needed = front.At + front.Header.MaxFrameBytes;
        if (fitting != 0)
        {
            ref var follower = ref _places[fitting];
            needed = Math.Max(needed, follower.At + follower.Header.MaxFrameBytes);
        }

        if (_scanned <= needed && _count < MaxPlaces)
        {
            NeededBytes = needed + 1 + FlacHeader.MaxHeaderBytes;
            return Verdict.Unsure;
        }

        // What follows may itself be half a frame.
        return fitting != 0 ? Verdict.Whole : Verdict.Chance;
    }

    private bool IsSure(int index)
    {
        if (_places[index].Kind != PlaceKind.Header)
        {
            return true;
        }

        for (var end = index + 1; end < _count; end++)
        {
            if (IsFrame(index, end) && IsExpectedEnd(index, end))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsFrame(int from, int to)
    {
        ref var begin = ref _places[from];
        ref var end = ref _places[to];
        var length = end.At - begin.At;
        return begin.Mark == end.Mark
            && begin.Kind == PlaceKind.Header
            && length >= begin.Header.MinFrameBytes
            && length <= begin.Header.MaxFrameBytes;
    }

    private bool IsExpectedEnd(int from, int to)
    {
        ref var begin = ref _places[from];
        ref var end = ref _places[to];
        return end.Kind != PlaceKind.Header
            || (end.Header.IsOneKindWith(begin.Header) && end.Header.Number == begin.Header.NextNumber);
    }

    /// <summary>False when all bytes are scanned, but for those that may be part of a header.</summary>
    private bool TryAddPlace(ReadOnlySpan<byte> source, bool isFinal)
    {
        var limit = isFinal ? source.Length : source.Length - MaxCutHeader;
        while (_scanned < limit)
        {
            var distance = source[_scanned..limit].IndexOfAny(Beginnings);
            if (distance < 0)
            {
                _scanned = limit;
                break;
            }

            var at = _scanned + distance;
            _scanned = at + 1;
            if (TryRecognise(source[at..], out var kind, out var header) && TryAddPlace(source, at, kind, header))
            {
                return true;
            }
        }

        return isFinal && _count > 0 && TryAddPlace(source, source.Length, PlaceKind.End, default);
    }

    private static bool TryRecognise(ReadOnlySpan<byte> source, out PlaceKind kind, out FlacHeader header)
    {
        header = default;
        switch (source[0])
        {
            case (byte)'f':
                kind = PlaceKind.StreamStart;
                return FlacBlock.IsStreamStart(source);
            case (byte)'I':
                kind = PlaceKind.Tag;
                return Id3Tag.TryRecognise(source, out _);
            default:
                kind = PlaceKind.Header;
                if (FlacHeader.TryRead(source, out header))
                {
                    return true;
                }

                kind = PlaceKind.CutHeader;
                return source.Length <= MaxCutHeader && (source.Length == 1 || (source[1] & 0xFE) == 0xF8);
        }
    }

    private bool TryAddPlace(ReadOnlySpan<byte> source, int at, PlaceKind kind, in FlacHeader header)
    {
        if (_count == 0)
        {
            if (kind is PlaceKind.Tag or PlaceKind.CutHeader)
            {
                return false;
            }

            _crc = 0;
            _crcLength = 0;
            _crcEnd = at;
        }

        _crc = FlacCrc.Append16(_crc, source[_crcEnd..at]);
        _crcLength += at - _crcEnd;
        _crcEnd = at;
        _places[_count] = new Place(at, FlacCrc.Mark(_crc, _crcLength), kind, header);

        // These may be chance, unless a frame ends here.
        var isFrame = kind is not (PlaceKind.Tag or PlaceKind.CutHeader);
        for (var i = 0; i < _count && !isFrame; i++)
        {
            isFrame = IsFrame(i, _count);
        }

        _count += isFrame ? 1 : 0;
        return isFrame;
    }

    private void Drop(int places)
    {
        _count -= places;
        Array.Copy(_places, places, _places, 0, _count);
    }

    private void MoveBack(int bytes)
    {
        _scanned -= bytes;
        _crcEnd -= bytes;
        for (var i = 0; i < _count; i++)
        {
            _places[i].At -= bytes;
        }

        NeededBytes = Math.Max(0, NeededBytes - bytes);
    }

    private struct Place(int at, ushort mark, PlaceKind kind, in FlacHeader header)
    {
        public readonly FlacHeader Header = header;
        public readonly PlaceKind Kind = kind;
        public readonly ushort Mark = mark;
        public int At = at;
    }
}
