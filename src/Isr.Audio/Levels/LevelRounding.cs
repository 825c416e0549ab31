namespace Isr.Audio.Levels;

/// <summary>To five decimals and to 1/32768, as levels are kept.</summary>
internal static class LevelRounding
{
    private const ulong Units = 100_000;
    private const int FractionBits = 52;
    private const int ExponentBias = 1075;

    /// <summary>
    /// A number from 0 to 1 in units of <see cref="RecordingLevels.RmsUnit"/>: correctly rounded from its exact binary value,
    /// exact halves to even, as Python's <c>round(x, 5)</c> does. <c>Math.Round(x, 5)</c> rounds the product, which is rounded itself.
    /// </summary>
    public static uint ToUnits(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var shift = ExponentBias - (int)(bits >> FractionBits);
        if (shift > 100)
        {
            // Below 2^-47; and from there on the product has less than 128 bits.
            return 0;
        }

        var product = (UInt128)((bits & ((1ul << FractionBits) - 1)) | (1ul << FractionBits)) * Units;
        var (whole, rest, half) = ((uint)(product >> shift), product & ((UInt128.One << shift) - 1), UInt128.One << (shift - 1));
        return rest > half || (rest == half && (whole & 1) == 1) ? whole + 1 : whole;
    }

    /// <summary>A code of so many bits, 16 at least, in 1/32768 of full scale, rounded down.</summary>
    public static int Down(int code, int bitsPerSample) => code >> (bitsPerSample - 16);

    /// <summary>A code of so many bits, 16 at least, in 1/32768 of full scale, rounded up.</summary>
    public static int Up(int code, int bitsPerSample) => -(-code >> (bitsPerSample - 16));
}
