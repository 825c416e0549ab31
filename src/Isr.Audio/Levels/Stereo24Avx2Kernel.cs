using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Isr.Audio.Levels;

/// <summary>Four moments of 24 bits at a time; benchmarks/Isr.Benchmarks/LevelBenchmarks.cs.</summary>
internal static class Stereo24Avx2Kernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Measure<T>(ReadOnlySpan<byte> samples, Span<Extremes> channels)
        where T : struct, IEightCodes
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var (lowest, highest) = (Vector256.Create(int.MaxValue), Vector256.Create(int.MinValue));
        var squares = Vector256<long>.Zero;
        var at = 0;
        for (; at + T.Touched <= samples.Length; at += 8 * T.Bytes)
        {
            var codes = T.Load(ref start, (nuint)at);
            lowest = Vector256.Min(lowest, codes);
            highest = Vector256.Max(highest, codes);

            // Left plus right in every even lane, 25 bits; what is in the odd ones is not multiplied.
            var sums = codes + Vector256.ShiftRightLogical(codes.AsUInt64(), 32).AsInt32();
            squares += Avx2.Multiply(sums, sums);
        }

        if (at > 0)
        {
            for (var lane = 0; lane < Vector256<int>.Count; lane++)
            {
                ref var channel = ref channels[lane & 1];
                channel.Minimum = Math.Min(channel.Minimum, lowest[lane]);
                channel.Maximum = Math.Max(channel.Maximum, highest[lane]);
            }
        }

        return (ulong)Vector256.Sum(squares) + T.MeasureRest(samples[at..], channels);
    }
}
