using Isr.Audio.Mpeg;

namespace Isr.Audio;

/// <summary>How sure it is that something begins here.</summary>
internal enum ChainVerdict
{
    No,

    /// <summary>More bytes will tell.</summary>
    Unsure,
    Yes,
}

/// <summary>
/// Finds the frames of a self-synchronising stream whose frames carry no checksum over their length (MPEG audio,
/// ADTS). One header is 11 or 12 known bits and happens by chance every few kilobytes; three headers, each where
/// the one before said, do not. All codes that come here begin with a byte of ones.
/// ID3v2 tags are passed over by the length that they name: a picture may hold anything, even frames.
/// </summary>
internal sealed class FrameChain<THeader>
    where THeader : struct, IFrameHeader<THeader>
{
    private const int HeadersToLock = 3;

    private const byte Sync = 0xFF;
    private const byte TagSync = (byte)'I';

    // The length of a tag that a server broke off costs frames: in one that claims more, frames are looked for.
    private const int MaxTagBytes = 4 * 1024 * 1024;

    private THeader _last;
    private bool _isLocked;
    private int _tagBytes;

    /// <summary>
    /// The most bytes that a decision may need: a frame and, when its successor is of another kind, the two frames
    /// and one header that prove the successor.
    /// </summary>
    public static int Lookahead(int maxFrameLength) => (HeadersToLock * maxFrameLength) + THeader.HeaderBytes;

    /// <summary>
    /// True with a frame, which is the last <see cref="IFrameHeader{TSelf}.FrameLength"/> bytes of those consumed;
    /// false when more bytes are needed. All else that was consumed belongs to no frame.
    /// </summary>
    public bool TryRead(ReadOnlySpan<byte> source, bool isFinal, out int consumed, out THeader header)
    {
        var at = 0;
        while (true)
        {
            var passed = Math.Min(_tagBytes, source.Length - at);
            _tagBytes -= passed;
            at += passed;
            var rest = source[at..];
            if (rest.Length < THeader.HeaderBytes)
            {
                var toBeginning = rest.IndexOfAny(Sync, TagSync);
                header = default;
                consumed = isFinal || toBeginning < 0 ? source.Length : at + toBeginning;
                return false;
            }

            header = default;
            var verdict = rest[0] == TagSync ? JudgeTag(rest, isFinal, out _tagBytes)
                : THeader.TryRead(rest, out header) ? Judge(rest, header, isFinal)
                : ChainVerdict.No;
            if (verdict == ChainVerdict.Unsure)
            {
                consumed = at;
                return false;
            }

            if (_tagBytes > 0)
            {
                continue;
            }

            if (verdict == ChainVerdict.Yes)
            {
                _last = header;
                _isLocked = true;
                consumed = at + header.FrameLength;
                return true;
            }

            // The frame that begins here may be half of one: what follows it may begin inside it.
            _isLocked = false;
            var skip = rest[1..].IndexOfAny(Sync, TagSync);
            at = skip < 0 ? source.Length : at + 1 + skip;
        }
    }

    /// <summary>Whether a chain of consistent headers begins at the first byte.</summary>
    public static ChainVerdict Begins(ReadOnlySpan<byte> source, bool isFinal)
    {
        THeader first = default;
        var at = 0;
        for (var seen = 0; ; seen++)
        {
            // A stream may end before the third header: two whole frames then have to do.
            if (source.Length - at < THeader.HeaderBytes)
            {
                return !isFinal ? ChainVerdict.Unsure
                    : seen == HeadersToLock - 1 && at <= source.Length ? ChainVerdict.Yes
                    : ChainVerdict.No;
            }

            if (!THeader.TryRead(source[at..], out var header)
                || header.FrameLength == 0
                || (seen > 0 && !header.IsConsistentWith(first)))
            {
                return ChainVerdict.No;
            }

            if (seen == HeadersToLock - 1)
            {
                return ChainVerdict.Yes;
            }

            if (seen == 0)
            {
                first = header;
            }

            at += header.FrameLength;
        }
    }

    private ChainVerdict Judge(ReadOnlySpan<byte> rest, in THeader header, bool isFinal)
    {
        if (!_isLocked || !header.IsConsistentWith(_last))
        {
            return Begins(rest, isFinal);
        }

        // FrameLength 0: the length is unknown, so there is no successor to look for.
        if (header.FrameLength == 0)
        {
            return ChainVerdict.No;
        }

        if (rest.Length < header.FrameLength)
        {
            return isFinal ? ChainVerdict.No : ChainVerdict.Unsure;
        }

        var next = rest[header.FrameLength..];
        if (next.Length < THeader.HeaderBytes)
        {
            return isFinal ? ChainVerdict.Yes : ChainVerdict.Unsure;
        }

        if (THeader.TryRead(next, out var successor) && successor.IsConsistentWith(header))
        {
            return ChainVerdict.Yes;
        }

        // Another stream or a tag that begins exactly where this frame ends: the frame is whole all the same.
        return IsTag(next) ? ChainVerdict.Yes : Begins(next, isFinal);
    }

    private static ChainVerdict JudgeTag(ReadOnlySpan<byte> rest, bool isFinal, out int length)
    {
        length = 0;
        if (!isFinal && rest.Length < Id3Tag.HeaderBytes && rest.StartsWith("ID3"u8))
        {
            return ChainVerdict.Unsure;
        }

        if (!Id3Tag.TryRecognise(rest, out var bytes) || bytes > MaxTagBytes)
        {
            return ChainVerdict.No;
        }

        length = (int)bytes;
        return ChainVerdict.Yes;
    }

    private static bool IsTag(ReadOnlySpan<byte> source) =>
        source.StartsWith("ID3"u8) || source.StartsWith("TAG"u8) || source.StartsWith("APET"u8);
}
