using Isr.Audio.Mending;
using Isr.Audio.Ogg;

namespace Isr.Audio.Cutting;

/// <summary>Finds pages of one logical stream anywhere in a file, by what they say of their place.</summary>
/// <param name="read">Reads it.</param>
/// <param name="length">Its length.</param>
/// <param name="serial">The stream's number.</param>
internal sealed class OggPages(ReadAt read, long length, uint serial)
{
    private const int BlockBytes = 32 * 1024;

    /// <summary>Bytes at the end of a file in which no page of the stream ends: a torn one, and what others put there.</summary>
    private const long MostOfEnd = 8 * 1024 * 1024;

    /// <summary>The first page that begins at an offset or behind it, and before another, on which a packet ends.</summary>
    public bool TryFindFrom(long offset, long before, out FramePlace found)
    {
        var window = new FileWindow(read, length, BlockBytes);
        window.Skip(offset);
        while (TryNext(window, before, out var page, out found))
        {
            if (page.Serial == serial && page.Granule >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The last page on which a packet ends; false where it is of another stream: then there is no one count.</summary>
    public bool TryFindLast(long first, out FramePlace last)
    {
        last = default;
        for (var bytes = (long)BlockBytes; ; bytes *= 4)
        {
            var from = Math.Max(first, length - bytes);
            var window = new FileWindow(read, length, BlockBytes);
            window.Skip(from);
            bool? isOurs = null;
            while (TryNext(window, long.MaxValue, out var page, out var place))
            {
                if (page.Granule >= 0)
                {
                    (last, isOurs) = (place, page.Serial == serial);
                }
            }

            if (isOurs is not null || from == first || bytes > MostOfEnd)
            {
                return isOurs ?? false;
            }
        }
    }

    private static bool TryNext(FileWindow window, long before, out OggPage page, out FramePlace place)
    {
        while (window.Position < before && window.Peek(OggPage.FixedHeaderBytes) is { IsEmpty: false } rest)
        {
            if (OggPage.TryRead(rest, out page, out var needed))
            {
                place = new FramePlace(window.Position, page.Granule);
                window.Skip(page.Length);
                return true;
            }

            if (needed > rest.Length && !window.ReachesEnd)
            {
                window.Peek(needed);
                continue;
            }

            var next = rest[1..].IndexOf(OggPage.Magic[0]);
            window.Skip(next < 0 ? rest.Length : next + 1);
        }

        page = default;
        place = default;
        return false;
    }
}
