using System.Numerics;

namespace Isr.Audio.Levels;

/// <summary>
/// Sixteen-bit values with seven significant bits, as codes from 0 to 704: below 128 the value itself, above 64 codes for each
/// doubling. Codes are in the order of their values.
/// </summary>
internal static class ShortFloat
{
    /// <summary>Stands for 65536.</summary>
    public const ushort MaxCode = 704;

    private const int MantissaBits = 6;
    private const int Octave = 1 << MantissaBits;

    /// <summary>The code of the largest such value that is not above; 0 to 65536.</summary>
    public static int Floor(int value)
    {
        if (value < 2 * Octave)
        {
            return value;
        }

        var exponent = BitOperations.Log2((uint)value) - MantissaBits;
        return (exponent << MantissaBits) + (value >> exponent);
    }

    /// <summary>The code of the smallest such value that is not below; 0 to 65536.</summary>
    public static int Ceiling(int value) => value == 0 ? 0 : Floor(value - 1) + 1;

    public static int ValueOf(int code)
    {
        var exponent = Math.Max(0, (code >> MantissaBits) - 1);
        return (code - (exponent << MantissaBits)) << exponent;
    }
}
