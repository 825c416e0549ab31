using System.Buffers.Binary;
using Isr.Audio;

namespace Isr.Tests.Support;

/// <summary>Writes packets into Ogg, each on pages of its own: the whole that recorded files are held against.</summary>
internal static class OggMaker
{
    private const int MaxLacing = 255;

    /// <summary>One logical stream with the link's headers and the sound as given, which ends where the last frame's samples do.</summary>
    public static byte[] Make(OggLink link, IReadOnlyList<HeardFrame> frames, uint serial = 1)
    {
        var headers = link.Headers;
        var file = new MemoryStream();
        uint sequence = 0;
        var granule = 0L;
        for (var i = 0; i < headers.Count; i++)
        {
            Add(file, [headers[i]], 0, i == 0 ? (byte)2 : (byte)0, serial, ref sequence);
        }

        for (var i = 0; i < frames.Count; i++)
        {
            // Nothing comes out of the first packet of Vorbis, so that it shares its page with the second: a page of
            // sound at granule 0 is taken for a fault.
            ReadOnlyMemory<byte>[] packets = [frames[i].Original];
            if (i == 0 && link.Coding.Codec == AudioCodec.Vorbis && frames.Count > 1)
            {
                packets = [frames[i++].Original, frames[i].Original];
            }

            granule += i == 0 && link.Coding.Codec == AudioCodec.Vorbis ? 0 : frames[i].Samples;
            Add(file, packets, granule, i == frames.Count - 1 ? (byte)4 : (byte)0, serial, ref sequence);
        }

        return file.ToArray();
    }

    /// <summary>The first page of a logical stream, with one packet.</summary>
    public static byte[] FirstPage(ReadOnlyMemory<byte> packet)
    {
        var page = new MemoryStream();
        uint sequence = 0;
        Add(page, [packet], 0, 2, serial: 1, ref sequence);
        return page.ToArray();
    }

    private static void Add(
        MemoryStream file, ReadOnlySpan<ReadOnlyMemory<byte>> packets, long granule, byte flags, uint serial, ref uint sequence)
    {
        List<byte> lacing = [];
        List<byte> all = [];
        foreach (var packet in packets)
        {
            lacing.AddRange(Enumerable.Repeat((byte)MaxLacing, packet.Length / MaxLacing));
            lacing.Add((byte)(packet.Length % MaxLacing));
            all.AddRange(packet.Span);
        }

        var (bytes, lacings) = (all.ToArray(), lacing.Count);
        for (var at = 0; at < lacings; at += MaxLacing)
        {
            var count = Math.Min(MaxLacing, lacings - at);
            var isLast = at + count == lacings;
            var body = isLast ? bytes.AsSpan(at * MaxLacing) : bytes.AsSpan(at * MaxLacing, MaxLacing * MaxLacing);
            var page = new byte[OggPage.HeaderBytes + count + body.Length];
            "OggS"u8.CopyTo(page);
            page[5] = (byte)((isLast ? flags : flags & ~4) | (at > 0 ? 1 : 0));
            BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), isLast ? granule : -1);
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(14), serial);
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(18), sequence++);
            page[26] = (byte)count;
            lacing.CopyTo(at, page, OggPage.HeaderBytes, count);
            body.CopyTo(page.AsSpan(OggPage.HeaderBytes + count));
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(22), OggPage.Crc(page));
            file.Write(page);
        }
    }
}
