using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Isr.Audio.Levels;

/// <summary>Sixteen samples at a time; benchmarks/Isr.Benchmarks/LevelBenchmarks.cs.</summary>
internal static class Mono16Avx2Kernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Measure(ReadOnlySpan<byte> samples, Span<Extremes> channels)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var whole = samples.Length & ~31;
        var (lowest, highest) = (Vector256.Create(short.MaxValue), Vector256.Create(short.MinValue));
        var (even, odd) = (Vector256<ulong>.Zero, Vector256<ulong>.Zero);
        for (var at = 0; at < whole; at += 32)
        {
            var codes = Vector256.LoadUnsafe(ref start, (nuint)at).AsInt16();
            lowest = Vector256.Min(lowest, codes);
            highest = Vector256.Max(highest, codes);

            // Two squares a lane: 2^31 at most, which fits only when read without sign.
            var pairs = Avx2.MultiplyAddAdjacent(codes, codes).AsUInt64();
            even += pairs & Vector256.Create(0xFFFF_FFFFul);
            odd += Vector256.ShiftRightLogical(pairs, 32);
        }

        if (whole > 0)
        {
            for (var lane = 0; lane < Vector256<short>.Count; lane++)
            {
                channels[0].Minimum = Math.Min(channels[0].Minimum, lowest[lane]);
                channels[0].Maximum = Math.Max(channels[0].Maximum, highest[lane]);
            }
        }

        return Vector256.Sum(even + odd) + LevelKernels.Measure<CodeS16>(samples[whole..], channels);
    }
}
