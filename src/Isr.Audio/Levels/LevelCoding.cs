using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Isr.Audio.Levels;

/// <summary>A plane's values to bytes and back. Deflated values have 16 bits.</summary>
internal static class LevelCoding
{
    /// <summary>No deflated byte stands for more.</summary>
    private const int MostInflated = 1032;

    public static byte[] WriteRaw(ReadOnlySpan<uint> values, int width)
    {
        var bytes = new byte[values.Length * width];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(values[i / width] >> (i % width * 8));
        }

        return bytes;
    }

    /// <summary>In whichever way takes less.</summary>
    public static (LevelEncoding Encoding, byte[] Bytes) WriteDeflated(ReadOnlySpan<ushort> values)
    {
        var deltas = new ushort[values.Length];
        ushort last = 0;
        for (var i = 0; i < values.Length; i++)
        {
            deltas[i] = Zigzag((short)(values[i] - last));
            last = values[i];
        }

        var (plain, differences) = (Deflate(values), Deflate(deltas));
        return plain.Length <= differences.Length ? (LevelEncoding.Deflated, plain) : (LevelEncoding.DeflatedDeltas, differences);
    }

    /// <param name="bytes">Exactly these values.</param>
    /// <param name="width">2, 3 or 4.</param>
    /// <param name="values">Where they go.</param>
    public static void ReadRaw(ReadOnlySpan<byte> bytes, int width, Span<uint> values)
    {
        if (width == 2 && BitConverter.IsLittleEndian)
        {
            WidenAll(MemoryMarshal.Cast<byte, ushort>(bytes)[..values.Length], values);
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = width switch
            {
                2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 2)..]),
                3 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[(i * 3)..]) | ((uint)bytes[(i * 3) + 2] << 16),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i * 4)..]),
            };
        }
    }

    /// <summary>The values, exactly so many; null for anything else.</summary>
    public static ushort[]? TryReadDeflated(ReadOnlySpan<byte> bytes, LevelEncoding encoding, int count)
    {
        if ((long)bytes.Length * MostInflated < count * 2L || Inflate(bytes, count * 2) is not { } inflated)
        {
            return null;
        }

        var values = new ushort[count];
        ushort last = 0;
        for (var i = 0; i < count; i++)
        {
            var value = (ushort)(inflated[i] | (inflated[count + i] << 8));
            values[i] = encoding == LevelEncoding.DeflatedDeltas ? (ushort)(last + Unzigzag(value)) : value;
            last = values[i];
        }

        return values;
    }

    public static ushort Zigzag(short value) => (ushort)((value << 1) ^ (value >> 15));

    public static short Unzigzag(ushort value) => (short)((value >> 1) ^ -(value & 1));

    private static void WidenAll(ReadOnlySpan<ushort> narrow, Span<uint> wide)
    {
        var i = 0;
        for (; i <= narrow.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(narrow[i..]), out var low, out var high);
            low.CopyTo(wide[i..]);
            high.CopyTo(wide[(i + Vector<uint>.Count)..]);
        }

        for (; i < narrow.Length; i++)
        {
            wide[i] = narrow[i];
        }
    }

    private static byte[] Deflate(ReadOnlySpan<ushort> values)
    {
        var split = new byte[values.Length * 2];
        for (var i = 0; i < values.Length; i++)
        {
            (split[i], split[values.Length + i]) = ((byte)values[i], (byte)(values[i] >> 8));
        }

        using var deflated = new MemoryStream();
        using (var deflate = new DeflateStream(deflated, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(split);
        }

        return deflated.ToArray();
    }

    private static byte[]? Inflate(ReadOnlySpan<byte> bytes, int length)
    {
        try
        {
            using var inflate = new DeflateStream(new MemoryStream(bytes.ToArray()), CompressionMode.Decompress);
            var inflated = new byte[length];
            return inflate.ReadAtLeast(inflated, length, throwOnEndOfStream: false) == length && inflate.ReadByte() < 0 ? inflated : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // No deflated data, though the checksum is right: made so.
            return null;
        }
    }
}
