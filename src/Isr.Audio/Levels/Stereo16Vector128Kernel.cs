using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Isr.Audio.Levels;

/// <summary>Four moments at a time, on any processor with vectors; benchmarks/Isr.Benchmarks/LevelBenchmarks.cs.</summary>
internal static class Stereo16Vector128Kernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static UInt128 Measure(ReadOnlySpan<byte> samples, Span<Extremes> channels)
    {
        ref var start = ref MemoryMarshal.GetReference(samples);
        var whole = samples.Length & ~15;
        var (lowest, highest) = (Vector128.Create(short.MaxValue), Vector128.Create(short.MinValue));
        var (squares, products) = (Vector128<ulong>.Zero, Vector128<long>.Zero);
        for (var at = 0; at < whole; at += 16)
        {
            var codes = Vector128.LoadUnsafe(ref start, (nuint)at).AsInt16();
            lowest = Vector128.Min(lowest, codes);
            highest = Vector128.Max(highest, codes);

            // (l + r)² = l² + r² + 2lr, as the parts fit 32 bits: l² + r² without sign, lr with it.
            var left = Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(codes.AsInt32(), 16), 16);
            var right = Vector128.ShiftRightArithmetic(codes.AsInt32(), 16);
            var (a, b) = Vector128.Widen(((left * left) + (right * right)).AsUInt32());
            var (c, d) = Vector128.Widen(left * right);
            squares += a + b;
            products += c + d;
        }

        if (whole > 0)
        {
            for (var lane = 0; lane < Vector128<short>.Count; lane++)
            {
                ref var channel = ref channels[lane & 1];
                channel.Minimum = Math.Min(channel.Minimum, lowest[lane]);
                channel.Maximum = Math.Max(channel.Maximum, highest[lane]);
            }
        }

        return Vector128.Sum(squares) + (ulong)(2 * Vector128.Sum(products)) + LevelKernels.Measure<CodeS16>(samples[whole..], channels);
    }
}
