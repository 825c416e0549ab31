using System.Buffers.Binary;
using Isr.Audio.Ogg;

namespace Isr.Audio.Tests.Ogg;

/// <summary>Takes streams apart into pages and makes pages, so that tests can lose, join, interleave and forge them.</summary>
internal static class OggPages
{
    /// <summary>The pages of a well-formed stream.</summary>
    public static List<byte[]> Split(ReadOnlySpan<byte> stream)
    {
        var pages = new List<byte[]>();
        while (!stream.IsEmpty)
        {
            Assert.True(OggPage.TryRead(stream, out var page, out _));
            pages.Add(stream[..page.Length].ToArray());
            stream = stream[page.Length..];
        }

        return pages;
    }

    public static byte[] Join(params IEnumerable<byte[]> pages) => [.. pages.SelectMany(page => page)];

    /// <summary>The page with other facts in its header and a checksum that fits.</summary>
    public static byte[] With(byte[] page, uint? serial = null, uint? sequence = null, long? granule = null, OggPageFlags? flags = null)
    {
        byte[] copy = [.. page];
        copy[5] = (byte)(flags ?? (OggPageFlags)copy[5]);
        BinaryPrimitives.WriteInt64LittleEndian(copy.AsSpan(6), granule ?? BinaryPrimitives.ReadInt64LittleEndian(copy.AsSpan(6)));
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(14), serial ?? BinaryPrimitives.ReadUInt32LittleEndian(copy.AsSpan(14)));
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(18), sequence ?? BinaryPrimitives.ReadUInt32LittleEndian(copy.AsSpan(18)));
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(OggPage.CrcOffset), OggPage.Crc(copy));
        return copy;
    }

    public static long GranuleOf(byte[] page) => BinaryPrimitives.ReadInt64LittleEndian(page.AsSpan(6));

    /// <summary>A first page with one packet in it.</summary>
    public static byte[] First(uint serial, ReadOnlySpan<byte> packet)
    {
        var page = new byte[OggPageWriter.BytesOf(packet.Length)];
        OggPageWriter.WriteFirst(serial, packet, page);
        return page;
    }
}
