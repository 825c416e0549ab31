using System.Collections.Concurrent;

namespace Isr.Audio.Tests.Hostile;

/// <summary>FLAC frames as the tests find and mend them, on their own code (RFC 9639, section 9).</summary>
internal static class FlacBytes
{
    private static readonly ushort[] Crc16Table = MakeTable();
    private static readonly ConcurrentDictionary<byte[], byte[][]> Parted = new();

    /// <summary>Parts of an undamaged native stream: what stands before the frames, then the frames.</summary>
    public static List<byte[]> Parts(byte[] stream) => [.. Parted.GetOrAdd(stream, Part)];

    private static byte[][] Part(byte[] stream)
    {
        var starts = new List<int> { 0 };
        for (var at = 4; at < stream.Length - 1; at++)
        {
            if (HeaderLength(stream.AsSpan(at)) > 0
                && (starts.Count == 1 || EndsFrame(stream.AsSpan(starts[^1], at - starts[^1]))))
            {
                starts.Add(at);
            }
        }

        starts.Add(stream.Length);
        return [.. starts.Zip(starts.Skip(1), (from, to) => stream[from..to])];
    }

    /// <summary>Length of the header with its CRC-8; 0 when none with a right CRC begins here.</summary>
    public static int HeaderLength(ReadOnlySpan<byte> source)
    {
        if (source.Length < 6 || source[0] != 0xFF || (source[1] & 0xFE) != 0xF8)
        {
            return 0;
        }

        var length = LengthBeforeCrc(source);
        return source.Length > length && Crc8(source[..length]) == source[length] ? length + 1 : 0;
    }

    /// <summary>What the fields say, whether or not they hold sense.</summary>
    public static int LengthBeforeCrc(ReadOnlySpan<byte> frame)
    {
        var number = frame[4] < 0xC0 ? 1 : Math.Min(7, int.Max(2, System.Numerics.BitOperations.LeadingZeroCount((uint)(byte)~frame[4]) - 24));
        var blockSize = (frame[2] >> 4) switch { 6 => 1, 7 => 2, _ => 0 };
        var rate = (frame[2] & 15) switch { 12 => 1, 13 or 14 => 2, _ => 0 };
        return 4 + number + blockSize + rate;
    }

    public static void FixCrcs(Span<byte> frame)
    {
        if (frame.Length < 20)
        {
            return;
        }

        var length = LengthBeforeCrc(frame);
        frame[length] = Crc8(frame[..length]);
        var crc = Crc16(frame[..^2]);
        frame[^2] = (byte)(crc >> 8);
        frame[^1] = (byte)crc;
    }

    /// <summary>The frame with another number in its header.</summary>
    public static byte[] WithNumber(byte[] frame, ulong number)
    {
        var header = HeaderLength(frame);
        if (header == 0)
        {
            return frame;
        }

        var old = LengthBeforeCrc([.. frame.AsSpan(0, 5), 0]) - LengthBeforeCrc([.. frame.AsSpan(0, 4), 0, 0]) + 1;
        byte[] made = [.. frame.AsSpan(0, 4), .. Code(number & 0xF_FFFF_FFFF), .. frame.AsSpan(4 + old)];
        FixCrcs(made);
        return made;
    }

    private static byte[] Code(ulong number)
    {
        if (number < 0x80)
        {
            return [(byte)number];
        }

        var more = 1;
        while (number >> ((6 * more) + 6 - more) != 0)
        {
            more++;
        }

        var code = new byte[more + 1];
        for (var i = more; i > 0; i--, number >>= 6)
        {
            code[i] = (byte)(0x80 | (number & 0x3F));
        }

        code[0] = (byte)((0xFF << (7 - more)) | (int)number);
        return code;
    }

    private static bool EndsFrame(ReadOnlySpan<byte> frame) =>
        frame.Length > 8 && Crc16(frame[..^2]) == ((frame[^2] << 8) | frame[^1]);

    private static byte Crc8(ReadOnlySpan<byte> data)
    {
        var crc = 0;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80) != 0 ? (crc << 1) ^ 0x107 : crc << 1;
            }
        }

        return (byte)crc;
    }

    private static int Crc16(ReadOnlySpan<byte> data)
    {
        ushort crc = 0;
        foreach (var value in data)
        {
            crc = (ushort)((crc << 8) ^ Crc16Table[(crc >> 8) ^ value]);
        }

        return crc;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = i << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1_8005 : crc << 1;
            }

            table[i] = (ushort)crc;
        }

        return table;
    }
}
