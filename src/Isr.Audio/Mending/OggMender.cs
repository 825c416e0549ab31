using System.Buffers.Binary;
using Isr.Audio.Flac;
using Isr.Audio.Ogg;

namespace Isr.Audio.Mending;

/// <summary>
/// Mends Ogg files: a torn last page goes, and so does a packet whose end is not there; the last page is marked as the
/// end. FLAC that is alone in its file gets its number of samples. Whole packets stay as they are.
/// </summary>
internal static class OggMender
{
    private const int FlagsOffset = 5;

    public static MendPlan Plan(ReadAt read, long length, bool isLeftOpen)
    {
        var window = new FileWindow(read, length);
        var count = new OggRecount();
        var end = 0L;
        while (window.Peek(OggPage.MaxBytes) is { IsEmpty: false } rest)
        {
            if (OggPage.TryRead(rest, out var page, out _))
            {
                count.Add(rest[..page.Length], page, window.Position);
                window.Skip(page.Length);
                end = window.Position;
            }
            else
            {
                var next = rest[1..].IndexOf(OggPage.Magic[0]);
                window.Skip(next < 0 ? rest.Length : next + 1);
            }
        }

        if (count.Refusal is { } refusal)
        {
            return MendPlan.Refused(refusal);
        }

        var plan = new MendPlan { Keep = length, Samples = count.Samples, SampleRate = count.Format.SampleRate, Channels = count.Format.Channels };
        if (end < length && !(isLeftOpen || count.IsOurs || IsTornPage(read, end)))
        {
            // Something that others put there.
            return plan;
        }

        return Finish(plan, read, count);
    }

    private static bool IsTornPage(ReadAt read, long at)
    {
        Span<byte> start = stackalloc byte[4];
        start = start[..FileWindow.ReadFully(read, at, start)];
        return OggPage.Magic.StartsWith(start);
    }

    private static MendPlan Finish(MendPlan plan, ReadAt read, OggRecount count)
    {
        var patches = new List<MendPatch>();
        if (count.FirstPage is { } first && MakeStreamInfo(first, count) is { } made)
        {
            patches.Add(new MendPatch(0, made));
        }

        var last = count.LastEnding;
        var page = new byte[last.Length];
        if (FileWindow.ReadFully(read, last.Offset, page) < page.Length)
        {
            return MendPlan.Refused("changes while it is read");
        }

        if (last.IsOpen)
        {
            page = WithoutOpenPacket(page);
            MarkAsEnd(page);
            patches.Add(new MendPatch(last.Offset, page));
        }
        else if ((page[FlagsOffset] & (byte)OggPageFlags.End) == 0)
        {
            MarkAsEnd(page);
            patches.Add(new MendPatch(last.Offset, page[..OggPage.FixedHeaderBytes]));
        }

        return plan with { Keep = last.Offset + page.Length, Patches = patches };
    }

    /// <summary>The page with the packets alone that end on it.</summary>
    private static byte[] WithoutOpenPacket(ReadOnlySpan<byte> page)
    {
        var segments = page.Slice(OggPage.FixedHeaderBytes, page[OggPage.FixedHeaderBytes - 1]);
        var kept = segments[..(segments.LastIndexOfAnyExcept((byte)OggPage.FullSegment) + 1)];
        var body = 0;
        foreach (var segment in kept)
        {
            body += segment;
        }

        byte[] result =
        [
            .. page[..OggPage.FixedHeaderBytes], .. kept, .. page.Slice(OggPage.FixedHeaderBytes + segments.Length, body),
        ];
        result[OggPage.FixedHeaderBytes - 1] = (byte)kept.Length;
        return result;
    }

    private static void MarkAsEnd(Span<byte> page)
    {
        page[FlagsOffset] |= (byte)OggPageFlags.End;
        WriteCrc(page);
    }

    private static void WriteCrc(Span<byte> page) =>
        BinaryPrimitives.WriteUInt32LittleEndian(page[OggPage.CrcOffset..], OggPage.Crc(page));

    /// <summary>The first page of FLAC with counts that are true; null when they are, or it has none.</summary>
    private static byte[]? MakeStreamInfo(byte[] firstPage, OggRecount count)
    {
        var at = OggPage.FixedHeaderBytes + firstPage[OggPage.FixedHeaderBytes - 1] + OggFlacMapping.StreamInfoOffset;
        if (count.Counts is not { } counts
            || firstPage.Length < at + FlacStreamInfo.Size
            || !FlacStreamInfo.TryRead(firstPage.AsSpan(at), out var info)
            || !FlacMender.IsUntrue(info, counts.ToStreamInfo(0), count.IsOurs))
        {
            return null;
        }

        byte[] page = [.. firstPage];
        counts.ToStreamInfo(0).Write(page.AsSpan(at));
        WriteCrc(page);
        return page;
    }
}
