using System.Buffers.Binary;

namespace Isr.Audio.Tests.Hostile;

/// <summary>What chance, line and malice do to bytes of any format.</summary>
internal static class Mutation
{
    private static readonly long[] Extremes =
    [
        0, -1, 1, long.MaxValue, long.MinValue, int.MaxValue, int.MinValue, uint.MaxValue, 0x7FFF, 0xFFFF, 0x00FF_FFFF, 1L << 48,
    ];

    public static long Extreme(Random random) => random.Next(4) == 0 ? random.NextInt64() : Extremes[random.Next(Extremes.Length)];

    /// <summary>One to eight damages; <paramref name="other"/> is a capture to splice in.</summary>
    public static byte[] OfBytes(byte[] stream, byte[] other, Random random)
    {
        for (var i = random.Next(8); i >= 0 && stream.Length > 16; i--)
        {
            stream = Once(stream, other, random);
        }

        return stream;
    }

    /// <summary>Changes a few bytes in place, most of them near the start, where headers have their fields.</summary>
    public static void Prick(Span<byte> data, Random random)
    {
        if (data.IsEmpty)
        {
            return;
        }

        var reach = random.Next(3) == 0 ? data.Length : Math.Min(data.Length, random.Next(2) == 0 ? 4 : 48);
        for (var i = random.Next(4); i >= 0; i--)
        {
            var at = random.Next(reach);
            switch (random.Next(4))
            {
                case 0:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    data[at] = (byte)random.Next(256);
                    break;
                case 2:
                    data[at] = random.Next(2) == 0 ? (byte)0 : (byte)0xFF;
                    break;
                default:
                    WriteExtreme(data[at..], random);
                    break;
            }
        }
    }

    private static byte[] Once(byte[] stream, byte[] other, Random random)
    {
        var at = random.Next(stream.Length);
        var length = Math.Min(random.Next(3) switch { 0 => random.Next(1, 9), 1 => random.Next(1, 600), _ => random.Next(1, 9000) }, stream.Length - at);
        switch (random.Next(12))
        {
            case 0:
                return Changed(stream, bytes =>
                {
                    for (var i = random.Next(1, 60); i > 0; i--)
                    {
                        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    }
                });
            case 1:
                return Changed(stream, bytes => random.NextBytes(bytes.AsSpan(at, length)));
            case 2:
                return [.. stream.AsSpan(0, at), .. stream.AsSpan(at + length)];
            case 3:
                var garbage = new byte[length];
                random.NextBytes(garbage);
                return [.. stream.AsSpan(0, at), .. garbage, .. stream.AsSpan(at)];
            case 4:
                return [.. stream.AsSpan(0, at + length), .. stream.AsSpan(at)];
            case 5:
                var target = random.Next(stream.Length);
                var (low, high) = (Math.Min(at, target), Math.Max(at, target));
                var part = Math.Min(length, Math.Min(high - low, stream.Length - high));
                return
                [
                    .. stream.AsSpan(0, low), .. stream.AsSpan(high, part), .. stream.AsSpan(low + part, high - low - part),
                    .. stream.AsSpan(low, part), .. stream.AsSpan(high + part),
                ];
            case 6:
                return random.Next(2) == 0 ? stream[..at] : stream[at..];
            case 7:
                var from = random.Next(other.Length);
                return [.. stream.AsSpan(0, at), .. other.AsSpan(from, Math.Min(length, other.Length - from)), .. stream.AsSpan(at)];
            case 8:
                return [.. stream.AsSpan(0, at), .. other.AsSpan(random.Next(other.Length))];
            case 9:
                return Changed(stream, bytes => bytes.AsSpan(at, length).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xFF));
            case 10:
                return Changed(stream, bytes => WriteExtreme(bytes.AsSpan(at), random));
            default:
                return Changed(stream, bytes => PrickHeader(bytes, at, random));
        }
    }

    // Fields stand behind what headers begin with.
    private static void PrickHeader(byte[] stream, int at, Random random)
    {
        var found = stream.AsSpan(at).IndexOfAny([(byte)0xFF, (byte)'O', (byte)'I', (byte)'f']);
        if (found >= 0)
        {
            Prick(stream.AsSpan(at + found), random);
        }
    }

    private static void WriteExtreme(Span<byte> target, Random random)
    {
        Span<byte> value = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(value, Extreme(random));
        if (random.Next(2) == 0)
        {
            value.Reverse();
        }

        value = value[..(1 << random.Next(4))];
        value[..Math.Min(value.Length, target.Length)].CopyTo(target);
    }

    private static byte[] Changed(byte[] stream, Action<byte[]> change)
    {
        byte[] copy = [.. stream];
        change(copy);
        return copy;
    }
}
