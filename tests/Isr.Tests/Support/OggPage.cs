using System.Buffers.Binary;

namespace Isr.Tests.Support;

/// <summary>A page of Ogg (RFC 3533).</summary>
/// <param name="Flags">1: begins inside a packet; 2: begin of a stream; 4: end of a stream.</param>
/// <param name="Granule">Of the last packet that ends on it; -1 when none does.</param>
/// <param name="Serial">Which logical stream.</param>
/// <param name="Sequence">Counts the pages of that stream.</param>
/// <param name="End">Bytes before the next page.</param>
/// <param name="Pieces">Packets, or parts of them; only the last may go on upon the next page.</param>
internal sealed record OggPage(
    byte Flags, long Granule, uint Serial, uint Sequence, int End, IReadOnlyList<(ReadOnlyMemory<byte> Data, bool Ends)> Pieces)
{
    public const int HeaderBytes = 27;

    private const uint Polynomial = 0x04C11DB7;

    private static readonly uint[] s_crcTable = [.. Enumerable.Range(0, 256).Select(CrcOfByte)];

    public bool Continues => (Flags & 1) != 0;

    public bool IsFirst => (Flags & 2) != 0;

    public bool IsLast => (Flags & 4) != 0;

    /// <summary>The page at a place, which must be a page; null when it is cut off and may be.</summary>
    public static OggPage? Read(ReadOnlyMemory<byte> bytes, int at, bool allowCutEnd)
    {
        var page = bytes.Span[at..];
        var isCut = page.Length < HeaderBytes || page.Length < HeaderBytes + page[26] || page.Length < LengthOf(page);
        if (isCut)
        {
            Assert.True(allowCutEnd, $"The page at byte {at} is cut off after {page.Length} bytes.");
            return null;
        }

        Assert.True(page.StartsWith("OggS\0"u8), $"No page at byte {at} of {bytes.Length}.");
        var length = LengthOf(page);
        Assert.True(Crc(page[..length]) == BinaryPrimitives.ReadUInt32LittleEndian(page[22..]), $"The page at byte {at} has a wrong CRC.");
        Assert.True((page[5] & ~7) == 0, $"The page at byte {at} has unknown flags.");
        return new OggPage(
            page[5],
            BinaryPrimitives.ReadInt64LittleEndian(page[6..]),
            BinaryPrimitives.ReadUInt32LittleEndian(page[14..]),
            BinaryPrimitives.ReadUInt32LittleEndian(page[18..]),
            at + length,
            PiecesOf(bytes.Slice(at, length)));
    }

    /// <summary>The CRC of a page, whose own CRC counts as 0.</summary>
    public static uint Crc(ReadOnlySpan<byte> page)
    {
        uint crc = 0;
        for (var i = 0; i < page.Length; i++)
        {
            var value = i is >= 22 and < 26 ? (byte)0 : page[i];
            crc = crc << 8 ^ s_crcTable[crc >> 24 ^ value];
        }

        return crc;
    }

    private static int LengthOf(ReadOnlySpan<byte> page)
    {
        var length = HeaderBytes + page[26];
        foreach (var lacing in page.Slice(HeaderBytes, page[26]))
        {
            length += lacing;
        }

        return length;
    }

    private static List<(ReadOnlyMemory<byte>, bool)> PiecesOf(ReadOnlyMemory<byte> page)
    {
        var pieces = new List<(ReadOnlyMemory<byte>, bool)>();
        var count = page.Span[26];
        var (start, end) = (HeaderBytes + count, HeaderBytes + count);
        for (var i = 0; i < count; i++)
        {
            var lacing = page.Span[HeaderBytes + i];
            end += lacing;
            if (lacing < 255 || i == count - 1)
            {
                pieces.Add((page[start..end], lacing < 255));
                start = end;
            }
        }

        return pieces;
    }

    private static uint CrcOfByte(int value)
    {
        var crc = (uint)value << 24;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc & 0x8000_0000) != 0 ? crc << 1 ^ Polynomial : crc << 1;
        }

        return crc;
    }
}
