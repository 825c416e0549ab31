using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Isr.Audio.Levels;

/// <summary>Eight samples at a time, on any processor with vectors; benchmarks/Isr.Benchmarks/LevelBenchmarks.cs.</summary>
internal static class Mono16Vector128Kernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Measure(ReadOnlySpan<byte> samples, Span<Extremes> channels)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var whole = samples.Length & ~15;
        var (lowest, highest) = (Vector128.Create(short.MaxValue), Vector128.Create(short.MinValue));
        var (low, high) = (Vector128<ulong>.Zero, Vector128<ulong>.Zero);
        for (var at = 0; at < whole; at += 16)
        {
            var codes = Vector128.LoadUnsafe(ref start, (nuint)at).AsInt16();
            lowest = Vector128.Min(lowest, codes);
            highest = Vector128.Max(highest, codes);

            // Two squares a lane: 2^31 at most, which fits only without sign.
            var (first, second) = Vector128.Widen(codes);
            var (a, b) = Vector128.Widen(((first * first) + (second * second)).AsUInt32());
            low += a;
            high += b;
        }

        if (whole > 0)
        {
            for (var lane = 0; lane < Vector128<short>.Count; lane++)
            {
                channels[0].Minimum = Math.Min(channels[0].Minimum, lowest[lane]);
                channels[0].Maximum = Math.Max(channels[0].Maximum, highest[lane]);
            }
        }

        return Vector128.Sum(low + high) + LevelKernels.Measure<CodeS16>(samples[whole..], channels);
    }
}
