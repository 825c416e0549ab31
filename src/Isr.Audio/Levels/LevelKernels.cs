using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Isr.Audio.Levels;

/// <summary>
/// Measures whole moments of interleaved little-endian PCM: widens the channels' extremes, and returns the sum of the
/// squares of the moments' sums over all channels. Integers throughout, so that it is the same in any order.
/// </summary>
/// <param name="samples">Whole moments; none is allowed.</param>
/// <param name="channels">One for each channel.</param>
internal delegate UInt128 LevelKernel(ReadOnlySpan<byte> samples, Span<Extremes> channels);

/// <summary>The kernels: plain ones for everything, which say what is right, and the choice of faster ones.</summary>
internal static class LevelKernels
{
    public static LevelKernel Choose(int channels, int bitsPerSample) => (bitsPerSample, channels) switch
    {
        (16, 1) when Avx2.IsSupported => Mono16Avx2Kernel.Measure,
        (16, 1) when Vector128.IsHardwareAccelerated => Mono16Vector128Kernel.Measure,
        (16, 2) when Avx2.IsSupported => Stereo16Avx2Kernel.Measure,
        (16, 2) when Vector128.IsHardwareAccelerated => Stereo16Vector128Kernel.Measure,
        (16, _) => Measure16,
        _ => Measure24,
    };

    public static UInt128 Measure16(ReadOnlySpan<byte> samples, Span<Extremes> channels)
    {
        var squares = UInt128.Zero;
        for (var at = 0; at < samples.Length;)
        {
            var sum = 0L;
            foreach (ref var channel in channels)
            {
                int sample = BinaryPrimitives.ReadInt16LittleEndian(samples[at..]);
                channel.Minimum = Math.Min(channel.Minimum, sample);
                channel.Maximum = Math.Max(channel.Maximum, sample);
                sum += sample;
                at += 2;
            }

            squares += (ulong)(sum * sum);
        }

        return squares;
    }

    /// <summary>Three bytes a sample.</summary>
    public static UInt128 Measure24(ReadOnlySpan<byte> samples, Span<Extremes> channels)
    {
        var squares = UInt128.Zero;
        for (var at = 0; at < samples.Length;)
        {
            var sum = 0L;
            foreach (ref var channel in channels)
            {
                var sample = Read24(samples[at..]);
                channel.Minimum = Math.Min(channel.Minimum, sample);
                channel.Maximum = Math.Max(channel.Maximum, sample);
                sum += sample;
                at += 3;
            }

            squares += (ulong)(sum * sum);
        }

        return squares;
    }

    /// <summary>Samples at the lowest or the highest code. Seldom needed: only where the extremes are these.</summary>
    public static int CountClipped(ReadOnlySpan<byte> samples, int bitsPerSample)
    {
        if (bitsPerSample == 16 && BitConverter.IsLittleEndian)
        {
            var codes = MemoryMarshal.Cast<byte, short>(samples);
            return codes.Count(short.MinValue) + codes.Count(short.MaxValue);
        }

        var (count, bytes) = (0, bitsPerSample / 8);
        var (lowest, highest) = (-1 << (bitsPerSample - 1), (1 << (bitsPerSample - 1)) - 1);
        for (; samples.Length > 0; samples = samples[bytes..])
        {
            var sample = bytes == 2 ? BinaryPrimitives.ReadInt16LittleEndian(samples) : Read24(samples);
            count += sample == lowest || sample == highest ? 1 : 0;
        }

        return count;
    }

    private static int Read24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16);
}
