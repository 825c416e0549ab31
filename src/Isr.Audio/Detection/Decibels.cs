using Isr.Audio.Levels;

namespace Isr.Audio.Detection;

/// <summary>Levels in decibels of full scale: 20 log10 of the level, which is taken as one millionth at least.</summary>
internal static class Decibels
{
    /// <summary>The noise floor is never taken to be lower: 0.002, in units.</summary>
    public const uint LeastFloor = 200;

    private const double UnitsOfFullScale = 100_000;
    private const double Silence = 1e-6;

    /// <summary>For all levels up to full scale; only sound in floating point is above.</summary>
    private static readonly double[] s_table = [.. Enumerable.Range(0, (int)UnitsOfFullScale + 1).Select(units => Of(units / UnitsOfFullScale))];

    /// <param name="units">A level in units of <see cref="RecordingLevels.RmsUnit"/>; the result rises with it.</param>
    public static double Of(uint units) => units < (uint)s_table.Length ? s_table[units] : Of(units / UnitsOfFullScale);

    /// <summary>The least level that has so many decibels, when <paramref name="most"/> has.</summary>
    /// <param name="decibels">How many.</param>
    /// <param name="most">A level that has as many.</param>
    /// <param name="estimate">The result but for rounding; it takes as many steps as this is wrong.</param>
    public static uint LeastWith(double decibels, uint most, double estimate)
    {
        var least = (uint)Math.Min(estimate, most);
        while (least > 0 && Of(least - 1) >= decibels)
        {
            least--;
        }

        while (Of(least) < decibels)
        {
            least++;
        }

        return least;
    }

    private static double Of(double level) => 20 * Math.Log10(Math.Max(level, Silence));
}
