using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Isr.Audio.Levels;

/// <summary>Eight samples at a time, one for each lane; benchmarks/Isr.Benchmarks/LevelBenchmarks.cs.</summary>
internal static class MonoRealAvx2Kernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Measure(ReadOnlySpan<byte> samples, int position, Span<RealExtremes> channels, ref RealLanes squares)
    {
        // Up to where the first lane's turn is.
        var before = Math.Min(-position & (RealLanes.Count - 1), samples.Length / sizeof(float)) * sizeof(float);
        RealKernels.Measure<Real32>(samples[..before], position, channels, ref squares);
        samples = samples[before..];

        ref var start = ref MemoryMarshal.GetReference(samples);
        var whole = samples.Length & ~31;
        var (lowest, highest) = (Vector256.Create(float.PositiveInfinity), Vector256.Create(float.NegativeInfinity));
        var (low, high) = (Vector256.Create<double>(squares[..4]), Vector256.Create<double>(squares[4..]));
        for (var at = 0; at < whole; at += 32)
        {
            var reals = Vector256.LoadUnsafe(ref start, (nuint)at).AsSingle();
            reals &= Vector256.LessThanOrEqual(Vector256.Abs(reals), Vector256.Create(float.MaxValue));
            lowest = Avx.Min(lowest, reals);
            highest = Avx.Max(highest, reals);
            var (a, b) = (Avx.ConvertToVector256Double(reals.GetLower()), Avx.ConvertToVector256Double(reals.GetUpper()));
            low += a * a;
            high += b * b;
        }

        if (whole > 0)
        {
            low.CopyTo(squares[..4]);
            high.CopyTo(squares[4..]);
            for (var lane = 0; lane < Vector256<float>.Count; lane++)
            {
                channels[0].Minimum = Math.Min(channels[0].Minimum, lowest[lane]);
                channels[0].Maximum = Math.Max(channels[0].Maximum, highest[lane]);
            }
        }

        RealKernels.Measure<Real32>(samples[whole..], 0, channels, ref squares);
    }
}
