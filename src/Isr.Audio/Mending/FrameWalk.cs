namespace Isr.Audio.Mending;

/// <summary>
/// Goes along the frames of a file whose headers say how long each is (MPEG audio, ADTS). In a file, other than in a
/// stream, a frame is whole when its bytes are there, whatever follows. Where no frame follows, the next place is looked for at which
/// three headers chain.
/// </summary>
internal sealed class FrameWalk<THeader>(FileWindow window, int maxFrameBytes)
    where THeader : struct, IFrameHeader<THeader>
{
    private const int HeadersToLock = 3;
    private const byte Sync = 0xFF;

    private THeader _last;
    private bool _isLocked;

    /// <summary>Where the last whole frame ends; null before the first.</summary>
    public long? End { get; private set; }

    /// <summary>All that lies behind the last whole frame is the beginning of one. Known at the end.</summary>
    public bool EndsInFrame { get; private set; }

    /// <summary>What lies behind the last whole frame is a tag. Known at the end.</summary>
    public bool EndsInTag { get; private set; }

    /// <summary>The next whole frame, which is good until the next call.</summary>
    public bool TryNext(out THeader header, out ReadOnlySpan<byte> data)
    {
        var rest = window.Peek(maxFrameBytes);
        if (!_isLocked || !IsNext(rest, out header) || header.FrameLength > rest.Length)
        {
            if (!TryLock(rest))
            {
                header = default;
                data = default;
                return false;
            }

            rest = window.Peek(maxFrameBytes);
            IsNext(rest, out header);
        }

        _last = header;
        data = rest[..header.FrameLength];
        window.Skip(data.Length);
        End = window.Position;
        return true;
    }

    private bool IsNext(ReadOnlySpan<byte> rest, out THeader header) =>
        THeader.TryRead(rest, out header) && header.FrameLength > 0 && (!_isLocked || header.IsConsistentWith(_last));

    /// <summary>Goes to where frames are again; false when none come any more.</summary>
    private bool TryLock(ReadOnlySpan<byte> rest)
    {
        EndsInFrame = _isLocked
            && window.ReachesEnd
            && (rest.Length < THeader.HeaderBytes ? !rest.IsEmpty && rest[0] == Sync : IsNext(rest, out _));
        EndsInTag = TrailingTags.BeginAt(rest);

        // Right at the start a file may consist of a frame or two and nothing more.
        var least = End is null ? 1 : HeadersToLock - 1;
        _isLocked = false;
        while (true)
        {
            var seen = window.Peek((HeadersToLock * maxFrameBytes) + THeader.HeaderBytes);
            var at = seen.IndexOf(Sync);
            if (at < 0)
            {
                window.Skip(seen.Length);
                if (seen.IsEmpty)
                {
                    return false;
                }

                continue;
            }

            if (at > 0)
            {
                window.Skip(at);
                continue;
            }

            if (IsChain(seen, window.ReachesEnd, least))
            {
                return _isLocked = THeader.TryRead(seen, out _last);
            }

            window.Skip(1);
        }
    }

    private static bool IsChain(ReadOnlySpan<byte> rest, bool isEnd, int least)
    {
        THeader first = default;
        for (var whole = 0; whole < HeadersToLock; whole++)
        {
            if (rest.Length < THeader.HeaderBytes)
            {
                return isEnd && whole >= least;
            }

            if (!THeader.TryRead(rest, out var header) || header.FrameLength == 0 || (whole > 0 && !header.IsConsistentWith(first)))
            {
                return false;
            }

            if (header.FrameLength > rest.Length)
            {
                return isEnd && whole >= least;
            }

            first = header;
            rest = rest[header.FrameLength..];
        }

        return true;
    }
}
