using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Isr.Audio.Levels;

/// <summary>Eight samples of 24 bits at a time; benchmarks/Isr.Benchmarks/LevelBenchmarks.cs.</summary>
internal static class Mono24Avx2Kernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Measure<T>(ReadOnlySpan<byte> samples, Span<Extremes> channels)
        where T : struct, IEightCodes
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var (lowest, highest) = (Vector256.Create(int.MaxValue), Vector256.Create(int.MinValue));
        var (even, odd) = (Vector256<long>.Zero, Vector256<long>.Zero);
        var at = 0;
        for (; at + T.Touched <= samples.Length; at += 8 * T.Bytes)
        {
            var codes = T.Load(ref start, (nuint)at);
            lowest = Vector256.Min(lowest, codes);
            highest = Vector256.Max(highest, codes);

            // 2^46 at most: multiplied 32 by 32 to 64 bits, every other lane.
            var shifted = Vector256.ShiftRightLogical(codes.AsUInt64(), 32).AsInt32();
            even += Avx2.Multiply(codes, codes);
            odd += Avx2.Multiply(shifted, shifted);
        }

        if (at > 0)
        {
            for (var lane = 0; lane < Vector256<int>.Count; lane++)
            {
                channels[0].Minimum = Math.Min(channels[0].Minimum, lowest[lane]);
                channels[0].Maximum = Math.Max(channels[0].Maximum, highest[lane]);
            }
        }

        return (ulong)Vector256.Sum(even + odd) + T.MeasureRest(samples[at..], channels);
    }
}
