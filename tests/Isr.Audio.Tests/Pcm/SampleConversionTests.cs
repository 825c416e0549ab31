using System.Buffers.Binary;
using Isr.Audio.Pcm;

namespace Isr.Audio.Tests.Pcm;

public sealed class SampleConversionTests
{
    public static TheoryData<SampleFormat, int> All => new(
        from format in Enum.GetValues<SampleFormat>() from bits in new[] { 16, 24 } select (format, bits));

    [Theory]
    [InlineData(SampleFormat.S16, 16, new[] { -32768, -1, 0, 1, 32767 }, new[] { -32768, -1, 0, 1, 32767 })]
    [InlineData(SampleFormat.S16, 24, new[] { -32768, -1, 0, 1, 32767 }, new[] { -8388608, -256, 0, 256, 8388352 })]
    [InlineData(SampleFormat.S24Packed, 24, new[] { -8388608, -1, 0, 1, 8388607 }, new[] { -8388608, -1, 0, 1, 8388607 })]
    [InlineData(SampleFormat.S24, 24, new[] { -8388608, -1, 0, 1, 8388607 }, new[] { -8388608, -1, 0, 1, 8388607 })]
    // Halves go to even; above the highest value there is none.
    [InlineData(SampleFormat.S24Packed, 16, new[] { -8388608, -8388481, -384, -383, -129, -128, -127, 127, 128, 129, 384, 385, 8388479, 8388480, 8388607 }, new[] { -32768, -32768, -2, -1, -1, 0, 0, 0, 0, 1, 2, 2, 32767, 32767, 32767 })]
    [InlineData(SampleFormat.S24, 16, new[] { -8388608, -384, -128, 128, 129, 384, 8388607 }, new[] { -32768, -2, 0, 0, 1, 2, 32767 })]
    [InlineData(SampleFormat.S32, 16, new[] { int.MinValue, -98304, -32769, -32768, 32767, 32768, 32769, 98304, int.MaxValue }, new[] { -32768, -2, -1, 0, 0, 0, 1, 2, 32767 })]
    [InlineData(SampleFormat.S32, 24, new[] { int.MinValue, -384, -129, -128, 127, 128, 129, 384, int.MaxValue }, new[] { -8388608, -2, -1, 0, 0, 0, 1, 2, 8388607 })]
    public void Edges_are_what_is_documented(SampleFormat format, int bits, int[] device, int[] expected)
    {
        var bytes = device.SelectMany(sample => Bytes(format, sample)).ToArray();

        Assert.Equal(expected, Convert(new SampleConversion(format, 1, 0, 1, bits), bytes));
    }

    [Theory]
    [InlineData(16, new[] { 0f, 1f, -1f, 2f, -2f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0.5f, 1.5f / 32768, 2.5f / 32768, -1.5f / 32768, float.Epsilon, float.MaxValue }, new[] { 0, 32767, -32768, 32767, -32768, 0, 32767, -32768, 16384, 2, 2, -2, 0, 32767 })]
    [InlineData(24, new[] { 0f, 1f, -1f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 8388607f / 8388608, 0.5f / 8388608, 1.5f / 8388608, -2.5f / 8388608, float.MinValue }, new[] { 0, 8388607, -8388608, 0, 8388607, -8388608, 8388607, 0, 2, -2, -8388608 })]
    public void Floats_are_scaled_and_kept_within_the_range(int bits, float[] device, int[] expected)
    {
        var bytes = new byte[device.Length * 4];
        Buffer.BlockCopy(device, 0, bytes, 0, bytes.Length);

        Assert.Equal(expected, Convert(new SampleConversion(SampleFormat.Real, 1, 0, 1, bits), bytes));
    }

    /// <summary>Any bytes, any channels, and 0 to 40 moments with a part of one behind them.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void It_does_what_its_plain_twin_does(SampleFormat format, int bits)
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        for (var round = 0; round < 400; round++)
        {
            var channels = random.Next(1, 10);
            var first = random.Next(channels);
            var conversion = new SampleConversion(format, channels, first, random.Next(1, channels - first + 1), bits);
            var device = new byte[(random.Next(40) * conversion.DeviceBytes) + random.Next(conversion.DeviceBytes)];
            random.NextBytes(device);
            if (format == SampleFormat.Real && round % 2 == 0)
            {
                // Random bytes are hardly ever near full scale.
                for (var i = 0; i + 4 <= device.Length; i += 4)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(device.AsSpan(i), (float)((random.NextDouble() * 2.2) - 1.1));
                }
            }

            if (format == SampleFormat.Real64 && round % 2 == 0)
            {
                for (var i = 0; i + 8 <= device.Length; i += 8)
                {
                    BinaryPrimitives.WriteDoubleLittleEndian(device.AsSpan(i), (random.NextDouble() * 2.2) - 1.1);
                }
            }

            var twin = new List<int>();
            for (var moment = 0; moment < device.Length / conversion.DeviceBytes; moment++)
            {
                for (var channel = 0; channel < conversion.Taken; channel++)
                {
                    twin.Add(Twin(format, device.AsSpan((moment * conversion.DeviceBytes) + ((first + channel) * SampleConversion.BytesOf(format))), bits));
                }
            }

            Assert.True(twin.SequenceEqual(Convert(conversion, device)), $"seed {Seed}, round {round}: {conversion}");
        }
    }

    [Fact]
    public void What_needs_no_change_is_copied()
    {
        Assert.True(new SampleConversion(SampleFormat.S16, 2, 0, 2, 16).IsCopy);
        Assert.True(new SampleConversion(SampleFormat.S24Packed, 8, 0, 8, 24).IsCopy);
        Assert.False(new SampleConversion(SampleFormat.S16, 2, 0, 1, 16).IsCopy);
        Assert.False(new SampleConversion(SampleFormat.S24, 2, 0, 2, 24).IsCopy);
    }

    /// <summary>As one would write it down: exact in decimals, rounded by the framework.</summary>
    private static int Twin(SampleFormat format, ReadOnlySpan<byte> bytes, int bits)
    {
        var range = 1 << (bits - 1);
        if (format is SampleFormat.Real or SampleFormat.Real64)
        {
            var real = format == SampleFormat.Real ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
            return double.IsNaN(real) ? 0 : (int)Math.Min(Math.Max(Math.Round(real * range, MidpointRounding.ToEven), -range), range - 1);
        }

        var (sample, full) = format switch
        {
            SampleFormat.U8 => (bytes[0] - 128m, 1L << 7),
            SampleFormat.S16 => (BinaryPrimitives.ReadInt16LittleEndian(bytes), 1L << 15),
            SampleFormat.S32 => (BinaryPrimitives.ReadInt32LittleEndian(bytes), 1L << 31),
            _ => (BinaryPrimitives.ReadInt32LittleEndian([0, bytes[0], bytes[1], bytes[2]]) / 256, 1L << 23),
        };
        return (int)Math.Min(Math.Round(sample * range / full, MidpointRounding.ToEven), range - 1);
    }

    private static byte[] Bytes(SampleFormat format, int sample) => format switch
    {
        SampleFormat.S16 => [(byte)sample, (byte)(sample >> 8)],
        SampleFormat.S24Packed => [(byte)sample, (byte)(sample >> 8), (byte)(sample >> 16)],
        // What is in the upper byte must not matter.
        SampleFormat.S24 => [(byte)sample, (byte)(sample >> 8), (byte)(sample >> 16), 0x5A],
        _ => [(byte)sample, (byte)(sample >> 8), (byte)(sample >> 16), (byte)(sample >> 24)],
    };

    private static List<int> Convert(SampleConversion conversion, byte[] device)
    {
        var moments = device.Length / conversion.DeviceBytes;
        var packed = new byte[(moments * conversion.PackedBytes) + 1];
        packed[^1] = 0xEE;
        conversion.Convert(device, packed);
        Assert.Equal(0xEE, packed[^1]);

        var samples = new List<int>();
        for (var i = 0; i + 1 < packed.Length; i += conversion.Bits / 8)
        {
            samples.Add(conversion.Bits == 16
                ? BinaryPrimitives.ReadInt16LittleEndian(packed.AsSpan(i))
                : packed[i] | (packed[i + 1] << 8) | ((sbyte)packed[i + 2] << 16));
        }

        return samples;
    }
}
