using System.Buffers.Binary;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;

namespace Isr.Audio.Tests.Levels;

/// <summary>PCM to measure.</summary>
internal static class LevelSamples
{
    public static SampleFormat[] Integers => [SampleFormat.U8, SampleFormat.S16, SampleFormat.S24Packed, SampleFormat.S24, SampleFormat.S32];

    public static SampleFormat[] Reals => [SampleFormat.Real, SampleFormat.Real64];

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

    /// <summary>Codes as they are written; the byte that means nothing is any.</summary>
    public static byte[] Bytes(IEnumerable<int> codes, SampleFormat format, Random random) => format switch
    {
        SampleFormat.U8 => [.. codes.Select(c => (byte)(c + 128))],
        SampleFormat.S24 => Bytes(codes.Select(c => (c & 0xFF_FFFF) | random.Next(3) switch { 0 => 0, 1 => -1 << 24, _ => random.Next() << 24 }), 32),
        _ => Bytes(codes, LevelKernels.BitsOf(format)),
    };

    public static byte[] Bytes(IEnumerable<double> samples, SampleFormat format) => format == SampleFormat.Real
        ? [.. samples.SelectMany(s => BitConverter.GetBytes((float)s))]
        : [.. samples.SelectMany(BitConverter.GetBytes)];

    /// <summary>Any codes, many of them at the ends of the scale.</summary>
    public static byte[] Wild(Random random, int moments, int channels, int bits) => Bytes(WildCodes(random, moments * channels, bits), bits);

    public static int[] WildCodes(Random random, int count, int bits)
    {
        var (lowest, highest) = (int.MinValue >> (32 - bits), int.MaxValue >> (32 - bits));
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(4) switch { 0 => lowest, 1 => highest, 2 => random.Next(-3, 4), _ => (int)random.NextInt64(lowest, highest + 1L) })];
    }

    /// <summary>Numbers as they occur, and as they should not. As floats, so that both formats can have them.</summary>
    public static double[] WildReals(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)(random.Next(16) switch
    {
        0 => random.Next(2) == 0 ? 1.0 : -1.0,
        1 => random.Next(2) == 0 ? BitConverter.Int32BitsToSingle(0x3F7F_FFFF) : BitConverter.Int32BitsToSingle(0x3F80_0001),
        2 => random.NextDouble() * 5,
        3 => -0.0,
        4 => BitConverter.Int32BitsToSingle(random.Next(0x7F_FFFF)),
        5 => double.NaN,
        6 => random.Next(2) == 0 ? double.PositiveInfinity : double.NegativeInfinity,
        7 => random.Next(20) == 0 ? float.MaxValue : 0,
        _ => (random.NextDouble() * 2) - 1,
    }))];
}
