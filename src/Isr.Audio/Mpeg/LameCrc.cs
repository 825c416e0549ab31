using System.Buffers.Binary;

namespace Isr.Audio.Mpeg;

/// <summary>
/// The CRC-16 of the LAME tag: polynomial x^16 + x^15 + x^2 + 1, bits reversed, from 0 (LAME, VbrTag.c).
/// Every byte of music goes through it, so it takes eight at a time: table n is the CRC of a byte with n zero bytes behind.
/// </summary>
internal static class LameCrc
{
    private const int Polynomial = 0xA001;

    private static readonly ushort[] Tables = MakeTables();

    public static ushort Append(ushort crc, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<ushort> t = Tables;
        while (data.Length >= 8)
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(data) ^ crc;
            crc = (ushort)(t[0x700 + (byte)eight]
                ^ t[0x600 + (byte)(eight >> 8)]
                ^ t[0x500 + (byte)(eight >> 16)]
                ^ t[0x400 + (byte)(eight >> 24)]
                ^ t[0x300 + (byte)(eight >> 32)]
                ^ t[0x200 + (byte)(eight >> 40)]
                ^ t[0x100 + (byte)(eight >> 48)]
                ^ t[(byte)(eight >> 56)]);
            data = data[8..];
        }

        return AppendBytewise(crc, data);
    }

    /// <summary>The same, one byte at a time: the definition.</summary>
    internal static ushort AppendBytewise(ushort crc, ReadOnlySpan<byte> data)
    {
        foreach (var value in data)
        {
            crc = (ushort)((crc >> 8) ^ Tables[(byte)(crc ^ value)]);
        }

        return crc;
    }

    private static ushort[] MakeTables()
    {
        var tables = new ushort[8 * 256];
        for (var value = 0; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ Polynomial : crc >> 1;
            }

            tables[value] = (ushort)crc;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            tables[i] = (ushort)((tables[i - 256] >> 8) ^ tables[(byte)tables[i - 256]]);
        }

        return tables;
    }
}
