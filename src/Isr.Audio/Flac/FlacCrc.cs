using System.Buffers.Binary;

namespace Isr.Audio.Flac;

/// <summary>
/// The checksums of a FLAC frame (RFC 9639, section 9): CRC-8 of the header, CRC-16 of the whole. Both from 0, high bit
/// first. Every byte of a stream goes through the CRC-16, so it takes sixteen at a time: table n is the CRC of a byte
/// with n zero bytes behind.
/// </summary>
internal static class FlacCrc
{
    private const int Polynomial8 = 0x07;
    private const int Polynomial16 = 0x8005;
    private const int Stride = 16;

    // x^16 + x^15 + x^2 + 1 = (x + 1)(x^15 + x + 1), so the powers of x repeat after so many.
    private const int Order = 32767;

    private static readonly byte[] Table8 = MakeTable8();
    private static readonly ushort[] Tables16 = MakeTables16();

    // x to the power of 1, 2, 4, 8 ...
    private static readonly ushort[] Squares = MakeSquares();

    public static byte Crc8(ReadOnlySpan<byte> data)
    {
        byte crc = 0;
        foreach (var value in data)
        {
            crc = Table8[crc ^ value];
        }

        return crc;
    }

    public static ushort Crc16(ReadOnlySpan<byte> data) => Append16(0, data);

    public static ushort Append16(ushort crc, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<ushort> t = Tables16;
        while (data.Length >= Stride)
        {
            var first = BinaryPrimitives.ReadUInt64BigEndian(data) ^ ((ulong)crc << 48);
            var second = BinaryPrimitives.ReadUInt64BigEndian(data[8..]);
            crc = (ushort)(t[0xF00 + (byte)(first >> 56)]
                ^ t[0xE00 + (byte)(first >> 48)]
                ^ t[0xD00 + (byte)(first >> 40)]
                ^ t[0xC00 + (byte)(first >> 32)]
                ^ t[0xB00 + (byte)(first >> 24)]
                ^ t[0xA00 + (byte)(first >> 16)]
                ^ t[0x900 + (byte)(first >> 8)]
                ^ t[0x800 + (byte)first]
                ^ t[0x700 + (byte)(second >> 56)]
                ^ t[0x600 + (byte)(second >> 48)]
                ^ t[0x500 + (byte)(second >> 40)]
                ^ t[0x400 + (byte)(second >> 32)]
                ^ t[0x300 + (byte)(second >> 24)]
                ^ t[0x200 + (byte)(second >> 16)]
                ^ t[0x100 + (byte)(second >> 8)]
                ^ t[(byte)second]);
            data = data[Stride..];
        }

        foreach (var value in data)
        {
            crc = (ushort)((crc << 8) ^ t[(byte)(crc >> 8) ^ value]);
        }

        return crc;
    }

    /// <summary>
    /// Makes CRCs of one run of bytes comparable: <paramref name="crc"/>, that of its first <paramref name="length"/>
    /// bytes, divided by x^(8 * length). It is the same at two places exactly when the bytes between them end with their
    /// own CRC, wherever they lie, so that one CRC over a stream serves for all frames in it.
    /// </summary>
    public static ushort Mark(ushort crc, long length)
    {
        var power = (Order - (int)(length % Order * 8 % Order)) % Order;
        for (var i = 0; power != 0; i++, power >>= 1)
        {
            if ((power & 1) != 0)
            {
                crc = Multiply(crc, Squares[i]);
            }
        }

        return crc;
    }

    /// <summary>The CRC-16 bit by bit: the definition.</summary>
    internal static ushort Append16Bitwise(ushort crc, ReadOnlySpan<byte> data)
    {
        var register = (int)crc;
        foreach (var value in data)
        {
            register ^= value << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                register = TimesX(register);
            }
        }

        return (ushort)register;
    }

    private static int TimesX(int register) =>
        (register & 0x8000) != 0 ? ((register << 1) ^ Polynomial16) & 0xFFFF : register << 1;

    private static ushort Multiply(int a, int b)
    {
        var product = 0;
        for (var bit = 15; bit >= 0; bit--)
        {
            product = TimesX(product) ^ (((b >> bit) & 1) != 0 ? a : 0);
        }

        return (ushort)product;
    }

    private static byte[] MakeTable8()
    {
        var table = new byte[256];
        for (var value = 0; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ Polynomial8 : crc << 1;
            }

            table[value] = (byte)crc;
        }

        return table;
    }

    private static ushort[] MakeTables16()
    {
        var tables = new ushort[Stride * 256];
        for (var value = 0; value < 256; value++)
        {
            tables[value] = Append16Bitwise(0, [(byte)value]);
        }

        for (var i = 256; i < tables.Length; i++)
        {
            tables[i] = (ushort)((tables[i - 256] << 8) ^ tables[tables[i - 256] >> 8]);
        }

        return tables;
    }

    private static ushort[] MakeSquares()
    {
        var squares = new ushort[15];
        squares[0] = 2;
        for (var i = 1; i < squares.Length; i++)
        {
            squares[i] = Multiply(squares[i - 1], squares[i - 1]);
        }

        return squares;
    }
}
