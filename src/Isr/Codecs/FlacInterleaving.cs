using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Isr.Codecs;

/// <summary>From libFLAC's channels, each by itself in 32 bits, to samples side by side, little-endian.</summary>
internal static unsafe class FlacInterleaving
{
    /// <param name="channels">Each with samples from 0.</param>
    /// <param name="first">The first that is taken.</param>
    /// <param name="count">How many channels.</param>
    /// <param name="shift">Bits to the left, up to full scale.</param>
    /// <param name="destination">Filled.</param>
    public static void ToShorts(int** channels, int first, int count, int shift, Span<short> destination)
    {
        if (count == 2)
        {
            Pair(channels[0] + first, channels[1] + first, shift, MemoryMarshal.Cast<short, int>(destination));
            return;
        }

        if (count == 1)
        {
            Narrow(channels[0] + first, shift, destination);
            return;
        }

        var moments = destination.Length / count;
        for (var channel = 0; channel < count; channel++)
        {
            var samples = new ReadOnlySpan<int>(channels[channel] + first, moments);
            for (int i = 0, at = channel; i < samples.Length; i++, at += count)
            {
                destination[at] = (short)(samples[i] << shift);
            }
        }
    }

    /// <inheritdoc cref="ToShorts"/>
    public static void ToInts(int** channels, int first, int count, int shift, Span<int> destination)
    {
        if (count == 2)
        {
            Pair(channels[0] + first, channels[1] + first, shift, MemoryMarshal.Cast<int, long>(destination));
            return;
        }

        var moments = destination.Length / count;
        for (var channel = 0; channel < count; channel++)
        {
            var samples = new ReadOnlySpan<int>(channels[channel] + first, moments);
            for (int i = 0, at = channel; i < samples.Length; i++, at += count)
            {
                destination[at] = samples[i] << shift;
            }
        }
    }

    // Two shorts side by side are one int: the left below, the right above.
    private static void Pair(int* left, int* right, int shift, Span<int> destination)
    {
        var i = 0;
        var mask = Vector256.Create(0xFFFF);
        for (; i <= destination.Length - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            var low = Vector256.Load(left + i) << shift & mask;
            var high = Vector256.Load(right + i) << (shift + 16);
            (low | high).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = ((left[i] << shift) & 0xFFFF) | (right[i] << (shift + 16));
        }
    }

    // Likewise two ints and one long.
    private static void Pair(int* left, int* right, int shift, Span<long> destination)
    {
        var i = 0;
        for (; i <= destination.Length - Vector256<int>.Count; i += Vector256<int>.Count)
        {
            var (lowLeft, highLeft) = Vector256.Widen((Vector256.Load(left + i) << shift).AsUInt32());
            var (lowRight, highRight) = Vector256.Widen((Vector256.Load(right + i) << shift).AsUInt32());
            (lowLeft | (lowRight << 32)).AsInt64().CopyTo(destination[i..]);
            (highLeft | (highRight << 32)).AsInt64().CopyTo(destination[(i + Vector256<long>.Count)..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (uint)(left[i] << shift) | ((long)(right[i] << shift) << 32);
        }
    }

    private static void Narrow(int* samples, int shift, Span<short> destination)
    {
        var i = 0;
        for (; i <= destination.Length - Vector256<short>.Count; i += Vector256<short>.Count)
        {
            var low = Vector256.Load(samples + i) << shift;
            var high = Vector256.Load(samples + i + Vector256<int>.Count) << shift;
            Vector256.Narrow(low, high).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (short)(samples[i] << shift);
        }
    }
}
