using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Isr.Audio.Detection;

/// <summary>
/// Which windows of a block are loud, as bits, and how each rises, as the bits of a <see cref="float"/>: those of positive numbers are in the order of
/// the numbers. benchmarks/results/sections.md.
/// </summary>
internal static class LoudWindows
{
    /// <summary>What a rise may be off by, and the other that it is held against, in units of the last place: each is rounded three times.</summary>
    public const uint RiseError = 32;

    private const int Lanes = 8;

    /// <summary>What silence is taken for, in units.</summary>
    private const float Silence = 0.1f;

    /// <summary>Words of bits for so many windows.</summary>
    public static int WordsOf(int windows) => (windows + 63) / 64;

    /// <param name="levels">Of the windows.</param>
    /// <param name="before">The level against which each rises.</param>
    /// <param name="loud">The least level that is loud; not 0.</param>
    /// <param name="bits">One for each window, set where it is loud; unset behind them.</param>
    /// <param name="rises">Of what is loud, level through level before; else 0.</param>
    public static void Mark(ReadOnlySpan<uint> levels, ReadOnlySpan<uint> before, uint loud, Span<ulong> bits, Span<uint> rises)
    {
        ref var level = ref MemoryMarshal.GetReference(levels);
        ref var earlier = ref MemoryMarshal.GetReference(before[..levels.Length]);
        ref var rise = ref MemoryMarshal.GetReference(rises[..levels.Length]);
        var (limit, silence) = (Vector256.Create(loud), Vector256.Create(Silence));
        for (var (first, end) = (0, 0); first < levels.Length; first = end)
        {
            end = Math.Min(first + 64, levels.Length);
            var (word, at) = (0ul, first);
            for (; at + Lanes <= end; at += Lanes)
            {
                var now = Vector256.LoadUnsafe(ref level, (nuint)at);
                var then = Vector256.Max(Vector256.ConvertToSingle(Vector256.LoadUnsafe(ref earlier, (nuint)at)), silence);
                var isLoud = Vector256.GreaterThanOrEqual(now, limit);
                ((Vector256.ConvertToSingle(now) / then).AsUInt32() & isLoud).StoreUnsafe(ref rise, (nuint)at);
                word |= (ulong)isLoud.ExtractMostSignificantBits() << (at - first);
            }

            bits[first / 64] = word;
            MarkPlain(levels[at..end], before[at..end], loud, ref bits[first / 64], at - first, rises[at..end]);
        }
    }

    /// <summary>Sets what follows on a set bit, up to so many places.</summary>
    public static void Spread(Span<ulong> bits, int places)
    {
        for (var done = 0; done < places;)
        {
            var step = Math.Min(done + 1, places - done);
            var (words, shift) = (step / 64, step % 64);
            for (var i = bits.Length - 1; i >= words; i--)
            {
                bits[i] |= bits[i - words] << shift;
                if (shift > 0 && i > words)
                {
                    bits[i] |= bits[i - words - 1] >> (64 - shift);
                }
            }

            done += step;
        }
    }

    /// <summary>The first bit from a place on that is set, or unset; the number of all where there is none.</summary>
    public static int Next(ReadOnlySpan<ulong> bits, int from, bool isSet)
    {
        var flip = isSet ? 0 : ulong.MaxValue;
        for (var i = from / 64; i < bits.Length; i++)
        {
            var word = (bits[i] ^ flip) & (i == from / 64 ? ulong.MaxValue << (from % 64) : ulong.MaxValue);
            if (word != 0)
            {
                return (i * 64) + BitOperations.TrailingZeroCount(word);
            }
        }

        return bits.Length * 64;
    }

    /// <summary>The last set bit before a place; there is one.</summary>
    public static int Last(ReadOnlySpan<ulong> bits, int before)
    {
        var i = (before - 1) / 64;
        var word = bits[i] & (ulong.MaxValue >> (63 - ((before - 1) % 64)));
        while (word == 0)
        {
            word = bits[--i];
        }

        return (i * 64) + BitOperations.Log2(word);
    }

    public static uint Largest(ReadOnlySpan<uint> values)
    {
        var vectors = MemoryMarshal.Cast<uint, Vector<uint>>(values);
        var (largest, most) = (Vector<uint>.Zero, 0u);
        foreach (var vector in vectors)
        {
            largest = Vector.Max(largest, vector);
        }

        for (var lane = 0; vectors.Length > 0 && lane < Vector<uint>.Count; lane++)
        {
            most = Math.Max(most, largest[lane]);
        }

        foreach (var value in values[(vectors.Length * Vector<uint>.Count)..])
        {
            most = Math.Max(most, value);
        }

        return most;
    }

    /// <summary>One after the other: what is left over, and what the vectors are tested against.</summary>
    /// <param name="levels">As above.</param>
    /// <param name="before">As above.</param>
    /// <param name="loud">As above.</param>
    /// <param name="word">Where the bits are set.</param>
    /// <param name="shift">The first one's place.</param>
    /// <param name="rises">As above.</param>
    internal static void MarkPlain(ReadOnlySpan<uint> levels, ReadOnlySpan<uint> before, uint loud, ref ulong word, int shift, Span<uint> rises)
    {
        for (var i = 0; i < levels.Length; i++)
        {
            var isLoud = levels[i] >= loud;
            rises[i] = isLoud ? BitConverter.SingleToUInt32Bits(levels[i] / Math.Max(before[i], Silence)) : 0;
            word |= (isLoud ? 1ul : 0) << (shift + i);
        }
    }
}
