using Isr.Audio.Flac;
using Isr.Audio.Mending;

namespace Isr.Audio.Cutting;

/// <summary>Finds frames of one stream anywhere in a file.</summary>
/// <param name="read">Reads it.</param>
/// <param name="length">Its length.</param>
/// <param name="first">Of its first frame.</param>
internal sealed class FlacFrames(ReadAt read, long length, FlacHeader first)
{
    private const int BlockBytes = 32 * 1024;

    /// <summary>Bytes that do not become a frame, at the end of a file: a torn frame and tags.</summary>
    private const long MostOfEnd = 8 * 1024 * 1024;

    /// <summary>Where the frame begins by its number. Blocks of one size count frames.</summary>
    public long PositionOf(in FlacHeader header) => header.IsVariable ? header.Number : header.Number * first.BlockSize;

    /// <summary>Whether a frame can be one of this stream.</summary>
    public bool IsOurs(in FlacHeader header) => header.IsOneKindWith(first) && (header.IsVariable || header.BlockSize <= first.BlockSize);

    /// <summary>The first whole frame that begins at an offset or behind it, and before another.</summary>
    public bool TryFindFrom(long offset, long before, out FramePlace found)
    {
        var window = new FileWindow(read, length, BlockBytes);
        window.Skip(offset);
        return TryNext(new FlacFrameFinder(), window, before, out found, out _, out _) && found.Offset < before;
    }

    /// <summary>The last whole frame of the file, and the sample behind it; false when it does not come behind the first.</summary>
    public bool TryFindLast(FramePlace known, out FramePlace last, out long end)
    {
        (last, end) = (known, 0);
        for (var bytes = (long)BlockBytes; ; bytes *= 4)
        {
            var from = Math.Max(known.Offset, length - bytes);
            var window = new FileWindow(read, length, BlockBytes);
            window.Skip(from);
            var finder = new FlacFrameFinder();
            while (TryNext(finder, window, long.MaxValue, out var next, out _, out var samples))
            {
                (last, end) = (next, next.Sample + samples);
            }

            if (end > 0 || from == known.Offset || bytes > MostOfEnd)
            {
                return end > known.Sample;
            }
        }
    }

    /// <summary>Goes on to the next frame; its bytes are good until the next call.</summary>
    public bool TryNext(FlacFrameFinder finder, FileWindow window, long before, out FramePlace found, out ReadOnlySpan<byte> data, out int samples)
    {
        var wanted = BlockBytes / 2;
        while (window.Position < before)
        {
            var rest = window.Peek(wanted);
            var isFinal = window.ReachesEnd;
            var what = finder.Next(rest, isFinal, out var skipped, out var bytes, out var header);
            var offset = window.Position + skipped;
            window.Skip(skipped + bytes);
            if (what == FlacFind.Frame && IsOurs(header))
            {
                data = rest.Slice(skipped, bytes);
                found = new FramePlace(offset, PositionOf(header));
                samples = header.BlockSize;
                return true;
            }

            if (what is FlacFind.StreamStart or FlacFind.Tag)
            {
                window.Skip(1);
            }
            else if (what == FlacFind.Nothing)
            {
                if (isFinal)
                {
                    break;
                }

                wanted = Math.Max(rest.Length - skipped + 1, finder.NeededBytes);
            }
        }

        (found, samples) = (default, 0);
        data = default;
        return false;
    }
}
