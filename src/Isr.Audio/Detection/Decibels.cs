using Isr.Audio.Levels;

namespace Isr.Audio.Detection;

/// <summary>Levels in decibels of full scale: 20 log10 of the level, which is taken as one millionth at least.</summary>
internal static class Decibels
{
    /// <summary>The noise floor is never taken to be lower.</summary>
    public static readonly double LeastFloor = Of(0.002);

    private const double UnitsOfFullScale = 100_000;
    private const double Silence = 1e-6;

    /// <summary>For all levels up to full scale; only sound in floating point is above.</summary>
    private static readonly double[] s_table = [.. Enumerable.Range(0, (int)UnitsOfFullScale + 1).Select(units => Of(units / UnitsOfFullScale))];

    /// <param name="units">A level in units of <see cref="RecordingLevels.RmsUnit"/>; the result rises with it.</param>
    public static double Of(uint units) => units < (uint)s_table.Length ? s_table[units] : Of(units / UnitsOfFullScale);

    /// <summary>The least level that has so many decibels, when <paramref name="most"/> has.</summary>
    public static uint LeastWith(double decibels, uint most)
    {
        var least = 0u;
        while (least < most)
        {
            var middle = least + ((most - least) / 2);
            if (Of(middle) >= decibels)
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

    private static double Of(double level) => 20 * Math.Log10(Math.Max(level, Silence));
}
