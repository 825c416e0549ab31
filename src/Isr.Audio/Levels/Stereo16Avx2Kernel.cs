using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Isr.Audio.Levels;

/// <summary>Eight moments at a time; benchmarks/Isr.Benchmarks/LevelBenchmarks.cs.</summary>
internal static class Stereo16Avx2Kernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Measure(ReadOnlySpan<byte> samples, Span<Extremes> channels)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var whole = samples.Length & ~31;
        var (lowest, highest) = (Vector256.Create(short.MaxValue), Vector256.Create(short.MinValue));
        var (even, odd) = (Vector256<long>.Zero, Vector256<long>.Zero);
        for (var at = 0; at < whole; at += 32)
        {
            var codes = Vector256.LoadUnsafe(ref start, (nuint)at).AsInt16();
            lowest = Vector256.Min(lowest, codes);
            highest = Vector256.Max(highest, codes);

            // Left plus right needs 17 bits, its square 33: multiplied 32 by 32 to 64 bits, every other lane.
            var sums = Avx2.MultiplyAddAdjacent(codes, Vector256<short>.One);
            var shifted = Vector256.ShiftRightLogical(sums.AsUInt64(), 32).AsInt32();
            even += Avx2.Multiply(sums, sums);
            odd += Avx2.Multiply(shifted, shifted);
        }

        if (whole > 0)
        {
            for (var lane = 0; lane < Vector256<short>.Count; lane++)
            {
                ref var channel = ref channels[lane & 1];
                channel.Minimum = Math.Min(channel.Minimum, lowest[lane]);
                channel.Maximum = Math.Max(channel.Maximum, highest[lane]);
            }
        }

        return (ulong)Vector256.Sum(even + odd) + LevelKernels.Measure<CodeS16>(samples[whole..], channels);
    }
}
