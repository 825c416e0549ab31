using System.Numerics;
using System.Runtime.InteropServices;

namespace Isr.Audio.Levels;

/// <summary>Divides levels into blocks of half a minute.</summary>
public static class LevelBlocks
{
    private const double Seconds = 30;

    /// <summary>Windows of a block; the last one of a recording may have fewer.</summary>
    public static int WindowsOf(int sampleRate, int windowSamples) => (int)Math.Clamp(Math.Round(Seconds / ((double)windowSamples / sampleRate)), 1, int.MaxValue);

    /// <summary>How many blocks so many windows fill or begin.</summary>
    public static int CountOf(int windows, int blockWindows) => (windows / blockWindows) + (windows % blockWindows == 0 ? 0 : 1);

    /// <param name="rms">The RMS of a block's windows, one at least.</param>
    public static LevelBlock Measure(ReadOnlySpan<uint> rms)
    {
        var (least, most) = Extremes(rms);
        return new LevelBlock(Select(rms, (int)((long)rms.Length * 20 / 100), least, most), most);
    }

    /// <param name="rms">The RMS of a block's windows, one at least.</param>
    /// <param name="minimum">The lowest sample of each.</param>
    /// <param name="maximum">The highest sample of each.</param>
    public static BlockShape ShapeOf(ReadOnlySpan<uint> rms, ReadOnlySpan<short> minimum, ReadOnlySpan<short> maximum)
    {
        var squares = 0.0;
        foreach (var level in rms)
        {
            squares += (double)level * level;
        }

        var (lowest, highest) = (short.MaxValue, short.MinValue);
        for (var i = 0; i < rms.Length; i++)
        {
            lowest = Math.Min(lowest, minimum[i]);
            highest = Math.Max(highest, maximum[i]);
        }

        return new BlockShape(lowest, highest, (uint)Math.Round(Math.Sqrt(squares / rms.Length)));
    }

    /// <summary>
    /// The value with that number in order, from 0. Counting what is not above a middle, at most 32 times, takes a quarter of
    /// the time of sorting, whatever the values are.
    /// </summary>
    private static uint Select(ReadOnlySpan<uint> values, int number, uint least, uint most)
    {
        while (least < most)
        {
            var middle = least + ((most - least) / 2);
            if (CountUpTo(values, middle) > number)
            {
                most = middle;
            }
            else
            {
                least = middle + 1;
            }
        }

        return least;
    }

    private static int CountUpTo(ReadOnlySpan<uint> values, uint limit)
    {
        var vectors = MemoryMarshal.Cast<uint, Vector<uint>>(values);
        var (counts, limits) = (Vector<uint>.Zero, new Vector<uint>(limit));
        foreach (var vector in vectors)
        {
            // All bits set is -1.
            counts -= Vector.LessThanOrEqual(vector, limits);
        }

        var count = (int)Vector.Sum(counts);
        foreach (var value in values[(vectors.Length * Vector<uint>.Count)..])
        {
            count += value <= limit ? 1 : 0;
        }

        return count;
    }

    private static (uint Least, uint Most) Extremes(ReadOnlySpan<uint> values)
    {
        var (least, most) = (uint.MaxValue, uint.MinValue);
        foreach (var value in values)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }

        return (least, most);
    }
}
