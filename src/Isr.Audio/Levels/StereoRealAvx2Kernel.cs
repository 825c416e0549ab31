using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Isr.Audio.Levels;

/// <summary>Eight moments at a time, one for each lane; benchmarks/Isr.Benchmarks/LevelBenchmarks.cs.</summary>
internal static class StereoRealAvx2Kernel
{
    private const int MomentBytes = 2 * sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Measure(ReadOnlySpan<byte> samples, int position, Span<RealExtremes> channels, ref RealLanes squares)
    {
        // Up to where the first lane's turn is.
        var before = Math.Min(-position & (RealLanes.Count - 1), samples.Length / MomentBytes) * MomentBytes;
        RealKernels.Measure<Real32>(samples[..before], position, channels, ref squares);
        samples = samples[before..];

        ref var start = ref MemoryMarshal.GetReference(samples);
        var whole = samples.Length & ~63;
        var (lowest, highest) = (Vector256.Create(float.PositiveInfinity), Vector256.Create(float.NegativeInfinity));

        // Sums of pairs come in the order 0 2 1 3.
        var (low, high) = (Vector256.Create(squares[0], squares[2], squares[1], squares[3]), Vector256.Create(squares[4], squares[6], squares[5], squares[7]));
        for (var at = 0; at < whole; at += 64)
        {
            var first = Vector256.LoadUnsafe(ref start, (nuint)at).AsSingle();
            var second = Vector256.LoadUnsafe(ref start, (nuint)at + 32).AsSingle();
            first &= Vector256.LessThanOrEqual(Vector256.Abs(first), Vector256.Create(float.MaxValue));
            second &= Vector256.LessThanOrEqual(Vector256.Abs(second), Vector256.Create(float.MaxValue));
            lowest = Avx.Min(lowest, Avx.Min(first, second));
            highest = Avx.Max(highest, Avx.Max(first, second));
            var a = Avx.HorizontalAdd(Avx.ConvertToVector256Double(first.GetLower()), Avx.ConvertToVector256Double(first.GetUpper()));
            var b = Avx.HorizontalAdd(Avx.ConvertToVector256Double(second.GetLower()), Avx.ConvertToVector256Double(second.GetUpper()));
            low += a * a;
            high += b * b;
        }

        if (whole > 0)
        {
            (squares[0], squares[2], squares[1], squares[3]) = (low[0], low[1], low[2], low[3]);
            (squares[4], squares[6], squares[5], squares[7]) = (high[0], high[1], high[2], high[3]);
            for (var lane = 0; lane < Vector256<float>.Count; lane++)
            {
                ref var channel = ref channels[lane & 1];
                channel.Minimum = Math.Min(channel.Minimum, lowest[lane]);
                channel.Maximum = Math.Max(channel.Maximum, highest[lane]);
            }
        }

        RealKernels.Measure<Real32>(samples[whole..], 0, channels, ref squares);
    }
}
