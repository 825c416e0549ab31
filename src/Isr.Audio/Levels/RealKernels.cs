using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Isr.Audio.Pcm;

namespace Isr.Audio.Levels;

/// <summary>
/// Measures whole moments of interleaved floating point: widens the channels' extremes, and adds the square of each moment's
/// sum over all channels to the lane of its position. Doubles throughout, each operation rounded by itself (never fused), so
/// that all kernels give the same. What is not finite counts as 0.
/// </summary>
/// <param name="samples">Whole moments; none is allowed.</param>
/// <param name="position">Of the first moment in its window.</param>
/// <param name="channels">One for each channel.</param>
/// <param name="squares">By position, modulo <see cref="RealLanes.Count"/>.</param>
internal delegate void RealKernel(ReadOnlySpan<byte> samples, int position, Span<RealExtremes> channels, ref RealLanes squares);

/// <summary>The kernels of floating point: plain ones, which say what is right, and the choice of faster ones.</summary>
internal static class RealKernels
{
    public static RealKernel Choose(SampleFormat format, int channels) => (format, channels) switch
    {
        (SampleFormat.Real, 1) when Avx2.IsSupported => MonoRealAvx2Kernel.Measure,
        (SampleFormat.Real, 2) when Avx2.IsSupported => StereoRealAvx2Kernel.Measure,
        (SampleFormat.Real, _) => Measure<Real32>,
        (SampleFormat.Real64, _) => Measure<Real64>,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "This is no floating point."),
    };

    public static ClippedKernel ChooseClipped(SampleFormat format) => format switch
    {
        SampleFormat.Real when BitConverter.IsLittleEndian => CountClippedReal,
        SampleFormat.Real => CountClipped<Real32>,
        SampleFormat.Real64 => CountClipped<Real64>,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "This is no floating point."),
    };

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Measure<T>(ReadOnlySpan<byte> samples, int position, Span<RealExtremes> channels, ref RealLanes squares)
        where T : struct, IReal
    {
        for (var at = 0; at < samples.Length; position++)
        {
            var sum = 0.0;
            foreach (ref var channel in channels)
            {
                var sample = T.Read(samples[at..]);
                sample = double.IsFinite(sample) ? sample : 0;
                channel.Minimum = Math.Min(channel.Minimum, sample);
                channel.Maximum = Math.Max(channel.Maximum, sample);
                sum += sample;
                at += T.Bytes;
            }

            squares[position % RealLanes.Count] += sum * sum;
        }
    }

    /// <summary>Samples from which on full scale is reached, on either side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CountClipped<T>(ReadOnlySpan<byte> samples)
        where T : struct, IReal
    {
        var count = 0;
        for (; samples.Length > 0; samples = samples[T.Bytes..])
        {
            var sample = Math.Abs(T.Read(samples));
            count += sample >= 1 && double.IsFinite(sample) ? 1 : 0;
        }

        return count;
    }

    /// <summary>The same: without the sign, the bits of floats are in the order of their values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int CountClippedReal(ReadOnlySpan<byte> samples)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var whole = samples.Length & ~15;
        var counts = Vector128<int>.Zero;
        for (var at = 0; at < whole; at += 16)
        {
            var bits = Vector128.LoadUnsafe(ref start, (nuint)at).AsInt32() & Vector128.Create(int.MaxValue);
            counts -= Vector128.GreaterThan(bits, Vector128.Create(0x3F7F_FFFF)) & Vector128.LessThan(bits, Vector128.Create(0x7F80_0000));
        }

        return Vector128.Sum(counts) + CountClipped<Real32>(samples[whole..]);
    }
}
