using System.Buffers.Binary;

namespace Isr.Audio.Pcm;

/// <summary>
/// From a device's samples to those of <see cref="AudioCodec.Pcm"/>. More bits than are wanted are rounded to the nearest
/// value, halves to even, within the range, without dither; fewer are widened exactly. A float is multiplied by
/// 2^(bits - 1), and what is no number becomes 0.
/// </summary>
/// <param name="From">How the device writes a sample.</param>
/// <param name="Channels">Channels of the device; those of one moment lie side by side.</param>
/// <param name="First">The first of them that is taken, from 0.</param>
/// <param name="Taken">How many are taken, from there on.</param>
/// <param name="Bits">Of the samples that are made: 16 or 24.</param>
public readonly record struct SampleConversion(SampleFormat From, int Channels, int First, int Taken, int Bits)
{
    private interface ISample
    {
        static abstract int Bytes { get; }

        /// <summary>Fewer bits than a sample of the source has are rounded to, more are made by zeros.</summary>
        static abstract int Read(ReadOnlySpan<byte> from, int bits);
    }

    /// <summary>Bytes that all channels of one moment take at the device.</summary>
    public int DeviceBytes => Channels * BytesOf(From);

    /// <summary>Bytes that the taken channels of one moment take afterwards.</summary>
    public int PackedBytes => Taken * (Bits / 8);

    /// <summary>Whether the device's bytes already are what is wanted.</summary>
    public bool IsCopy => Taken == Channels && (From, Bits) is (SampleFormat.S16, 16) or (SampleFormat.S24Packed, 24) && First == 0;

    public static int BytesOf(SampleFormat format) => format switch
    {
        SampleFormat.U8 => 1,
        SampleFormat.S16 => 2,
        SampleFormat.S24Packed => 3,
        SampleFormat.Real64 => 8,
        _ => 4,
    };

    /// <summary>Converts whole moments; a part of one at the end is left out.</summary>
    /// <param name="device"><see cref="DeviceBytes"/> a moment.</param>
    /// <param name="packed"><see cref="PackedBytes"/> a moment, at least as many moments.</param>
    public void Convert(ReadOnlySpan<byte> device, Span<byte> packed)
    {
        if (IsCopy)
        {
            device[..(device.Length / DeviceBytes * DeviceBytes)].CopyTo(packed);
            return;
        }

        switch (From)
        {
            case SampleFormat.S16:
                Convert<Short>(device, packed);
                break;
            case SampleFormat.S24Packed:
                Convert<Packed>(device, packed);
                break;
            case SampleFormat.S24:
                Convert<Padded>(device, packed);
                break;
            case SampleFormat.S32:
                Convert<Long>(device, packed);
                break;
            case SampleFormat.Real:
                Convert<Real>(device, packed);
                break;
            case SampleFormat.Real64:
                Convert<Double>(device, packed);
                break;
            case SampleFormat.U8:
                Convert<Unsigned>(device, packed);
                break;
        }
    }

    private void Convert<T>(ReadOnlySpan<byte> device, Span<byte> packed)
        where T : ISample
    {
        var (deviceBytes, bits) = (DeviceBytes, Bits);
        for (; device.Length >= deviceBytes; device = device[deviceBytes..])
        {
            for (var channel = 0; channel < Taken; channel++)
            {
                var sample = T.Read(device[((First + channel) * T.Bytes)..], bits);
                packed[0] = (byte)sample;
                packed[1] = (byte)(sample >> 8);
                if (bits == 24)
                {
                    packed[2] = (byte)(sample >> 16);
                }

                packed = packed[(bits / 8)..];
            }
        }
    }

    /// <summary>The nearest of fewer bits, halves to even; the highest values have none above them.</summary>
    private static int Round(int sample, int bits, int fewer)
    {
        var shift = bits - fewer;
        var rounded = ((long)sample + (1L << (shift - 1)) - 1 + ((sample >> shift) & 1)) >> shift;
        return (int)Math.Min(rounded, (1L << (fewer - 1)) - 1);
    }

    // Exact: doubles are multiplied by a power of two, and Round is to even.
    private static int Scale(double real, int bits)
    {
        var scale = 1 << (bits - 1);
        var sample = Math.Round(real * scale);
        return double.IsNaN(sample) ? 0 : (int)Math.Clamp(sample, -scale, scale - 1);
    }

    private readonly struct Short : ISample
    {
        public static int Bytes => 2;

        public static int Read(ReadOnlySpan<byte> from, int bits) => BinaryPrimitives.ReadInt16LittleEndian(from) << (bits - 16);
    }

    private readonly struct Packed : ISample
    {
        public static int Bytes => 3;

        public static int Read(ReadOnlySpan<byte> from, int bits)
        {
            var sample = from[0] | (from[1] << 8) | ((sbyte)from[2] << 16);
            return bits == 24 ? sample : Round(sample, 24, bits);
        }
    }

    private readonly struct Padded : ISample
    {
        public static int Bytes => 4;

        public static int Read(ReadOnlySpan<byte> from, int bits)
        {
            var sample = BinaryPrimitives.ReadInt32LittleEndian(from) << 8 >> 8;
            return bits == 24 ? sample : Round(sample, 24, bits);
        }
    }

    private readonly struct Long : ISample
    {
        public static int Bytes => 4;

        public static int Read(ReadOnlySpan<byte> from, int bits) => Round(BinaryPrimitives.ReadInt32LittleEndian(from), 32, bits);
    }

    private readonly struct Real : ISample
    {
        public static int Bytes => 4;

        public static int Read(ReadOnlySpan<byte> from, int bits) => Scale(BinaryPrimitives.ReadSingleLittleEndian(from), bits);
    }

    private readonly struct Double : ISample
    {
        public static int Bytes => 8;

        public static int Read(ReadOnlySpan<byte> from, int bits) => Scale(BinaryPrimitives.ReadDoubleLittleEndian(from), bits);
    }

    private readonly struct Unsigned : ISample
    {
        public static int Bytes => 1;

        public static int Read(ReadOnlySpan<byte> from, int bits) => (from[0] - 128) << (bits - 8);
    }
}
