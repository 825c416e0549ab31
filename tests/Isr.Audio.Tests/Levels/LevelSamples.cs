using System.Buffers.Binary;

namespace Isr.Audio.Tests.Levels;

/// <summary>PCM to measure.</summary>
internal static class LevelSamples
{
    /// <summary>Little-endian signed samples.</summary>
    public static byte[] Bytes(IEnumerable<int> samples, int bits)
    {
        var bytes = new List<byte>();
        Span<byte> four = stackalloc byte[4];
        foreach (var sample in samples)
        {
            BinaryPrimitives.WriteInt32LittleEndian(four, sample);
            bytes.AddRange(four[..(bits / 8)]);
        }

        return [.. bytes];
    }

    /// <summary>Any codes, many of them at the ends of the scale.</summary>
    public static byte[] Wild(Random random, int moments, int channels, int bits)
    {
        var (lowest, highest) = (-1 << (bits - 1), (1 << (bits - 1)) - 1);
        return Bytes(
            Enumerable.Range(0, moments * channels).Select(_ => random.Next(4) switch { 0 => lowest, 1 => highest, 2 => random.Next(-3, 4), _ => random.Next(lowest, highest) }), bits);
    }
}
