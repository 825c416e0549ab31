using System.Buffers.Binary;

namespace Isr.Audio.Ogg;

/// <summary>
/// The checksum of a page: CRC-32 with the polynomial 0x04C11DB7, the highest bit first, from 0, not inverted
/// (RFC 3533, section 6, item 7). The better known CRC-32 runs the other way.
/// </summary>
internal static class OggCrc
{
    private const uint Polynomial = 0x04C11DB7;
    private const int Slices = 8;

    private static readonly uint[] Tables = MakeTables();

    /// <summary>Goes on from <paramref name="crc"/> over more bytes, eight at a time.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        var tables = Tables.AsSpan();
        while (data.Length >= Slices)
        {
            var high = crc ^ BinaryPrimitives.ReadUInt32BigEndian(data);
            crc = tables[(7 * 256) + (int)(high >> 24)]
                ^ tables[(6 * 256) + (int)((high >> 16) & 0xFF)]
                ^ tables[(5 * 256) + (int)((high >> 8) & 0xFF)]
                ^ tables[(4 * 256) + (int)(high & 0xFF)]
                ^ tables[(3 * 256) + data[4]]
                ^ tables[(2 * 256) + data[5]]
                ^ tables[256 + data[6]]
                ^ tables[data[7]];
            data = data[Slices..];
        }

        foreach (var value in data)
        {
            crc = (crc << 8) ^ tables[(int)(crc >> 24) ^ value];
        }

        return crc;
    }

    // Table k: what a byte does to the checksum that k zero bytes follow.
    private static uint[] MakeTables()
    {
        var tables = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            var crc = value << 24;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            }

            tables[value] = crc;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            var before = tables[i - 256];
            tables[i] = (before << 8) ^ tables[before >> 24];
        }

        return tables;
    }
}
