using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Isr.Audio.Pcm;

namespace Isr.Audio.Levels;

/// <summary>
/// Measures whole moments of interleaved little-endian PCM: widens the channels' extremes, and returns the sum of the
/// squares of the moments' sums over all channels. Integers throughout, so that it is the same in any order.
/// </summary>
/// <param name="samples">Whole moments, at most <see cref="LevelKernels.MaxMoments"/>; none is allowed.</param>
/// <param name="channels">One for each channel.</param>
internal delegate UInt128 LevelKernel(ReadOnlySpan<byte> samples, Span<Extremes> channels);

/// <summary>Counts samples at full scale. Seldom needed: only where the extremes are there.</summary>
internal delegate int ClippedKernel(ReadOnlySpan<byte> samples);

/// <summary>The kernels of integers: plain ones for everything, which say what is right, and the choice of faster ones.</summary>
internal static class LevelKernels
{
    /// <summary>No more in one call, so that 64 bits hold the lanes' sums.</summary>
    public const int MaxMoments = 1 << 14;

    public static LevelKernel Choose(SampleFormat format, int channels) => (format, channels) switch
    {
        (SampleFormat.S16, 1) when Avx2.IsSupported => Mono16Avx2Kernel.Measure,
        (SampleFormat.S16, 1) when Vector128.IsHardwareAccelerated => Mono16Vector128Kernel.Measure,
        (SampleFormat.S16, 2) when Avx2.IsSupported => Stereo16Avx2Kernel.Measure,
        (SampleFormat.S16, 2) when Vector128.IsHardwareAccelerated => Stereo16Vector128Kernel.Measure,
        (SampleFormat.S24Packed, 1) when Avx2.IsSupported => Mono24Avx2Kernel.Measure<EightPacked>,
        (SampleFormat.S24Packed, 2) when Avx2.IsSupported => Stereo24Avx2Kernel.Measure<EightPacked>,
        (SampleFormat.S24, 1) when Avx2.IsSupported => Mono24Avx2Kernel.Measure<EightPadded>,
        (SampleFormat.S24, 2) when Avx2.IsSupported => Stereo24Avx2Kernel.Measure<EightPadded>,
        (SampleFormat.U8, _) => Measure<CodeU8>,
        (SampleFormat.S16, _) => Measure<CodeS16>,
        (SampleFormat.S24Packed, _) => Measure<CodeS24Packed>,
        (SampleFormat.S24, _) => Measure<CodeS24>,
        (SampleFormat.S32, _) => Measure<CodeS32>,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "These are no integers."),
    };

    public static ClippedKernel ChooseClipped(SampleFormat format) => format switch
    {
        SampleFormat.U8 => CountClipped8,
        SampleFormat.S16 when BitConverter.IsLittleEndian => CountClipped16,
        SampleFormat.S16 => CountClipped<CodeS16>,
        SampleFormat.S24Packed => CountClipped<CodeS24Packed>,
        SampleFormat.S24 => CountClipped<CodeS24>,
        SampleFormat.S32 => CountClipped<CodeS32>,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "These are no integers."),
    };

    public static int BitsOf(SampleFormat format) => format switch
    {
        SampleFormat.U8 => 8,
        SampleFormat.S16 => 16,
        SampleFormat.S24Packed or SampleFormat.S24 => 24,
        SampleFormat.S32 => 32,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "These are no integers."),
    };

    // Whole files pass in a few calls from a process just started: waiting for the compiler's second look would cost more.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Measure<T>(ReadOnlySpan<byte> samples, Span<Extremes> channels)
        where T : struct, ICode
    {
        var squares = UInt128.Zero;
        for (var at = 0; at < samples.Length;)
        {
            var sum = 0L;
            foreach (ref var channel in channels)
            {
                var sample = T.Read(samples[at..]);
                channel.Minimum = Math.Min(channel.Minimum, sample);
                channel.Maximum = Math.Max(channel.Maximum, sample);
                sum += sample;
                at += T.Bytes;
            }

            // Two samples of 32 bits at the lowest code already make 2^64.
            var magnitude = (ulong)Math.Abs(sum);
            squares += Math.BigMul(magnitude, magnitude);
        }

        return squares;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CountClipped<T>(ReadOnlySpan<byte> samples)
        where T : struct, ICode
    {
        var count = 0;
        var (lowest, highest) = (int.MinValue >> (32 - T.Bits), int.MaxValue >> (32 - T.Bits));
        for (; samples.Length > 0; samples = samples[T.Bytes..])
        {
            var sample = T.Read(samples);
            count += sample == lowest || sample == highest ? 1 : 0;
        }

        return count;
    }

    private static int CountClipped8(ReadOnlySpan<byte> samples) => samples.Count((byte)0) + samples.Count((byte)255);

    private static int CountClipped16(ReadOnlySpan<byte> samples)
    {
        var codes = MemoryMarshal.Cast<byte, short>(samples);
        return codes.Count(short.MinValue) + codes.Count(short.MaxValue);
    }
}
