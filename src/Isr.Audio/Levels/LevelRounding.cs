namespace Isr.Audio.Levels;

/// <summary>To five decimals and to 1/32768, as levels are kept.</summary>
internal static class LevelRounding
{
    private const ulong Units = 100_000;
    private const int FractionBits = 52;
    private const int ExponentBias = 1075;
    private const int FullScale = 32_768;

    /// <summary>More units than 32 bits hold.</summary>
    private const double TooMuch = 42_950;

    /// <summary>
    /// A number not below 0 in units of <see cref="RecordingLevels.RmsUnit"/>: correctly rounded from its exact binary value,
    /// exact halves to even, as Python's <c>round(x, 5)</c> does. <c>Math.Round(x, 5)</c> rounds the product, which is rounded itself.
    /// What is too much, infinity among it, gives the largest.
    /// </summary>
    public static uint ToUnits(double value)
    {
        if (!(value < TooMuch))
        {
            return uint.MaxValue;
        }

        var bits = BitConverter.DoubleToUInt64Bits(value);
        var shift = ExponentBias - (int)(bits >> FractionBits);
        if (shift > 100)
        {
            // Below 2^-47; and from there on the product has less than 128 bits.
            return 0;
        }

        var product = (UInt128)((bits & ((1ul << FractionBits) - 1)) | (1ul << FractionBits)) * Units;
        var (whole, rest, half) = ((ulong)(product >> shift), product & ((UInt128.One << shift) - 1), UInt128.One << (shift - 1));
        var rounded = rest > half || (rest == half && (whole & 1) == 1) ? whole + 1 : whole;
        return (uint)Math.Min(rounded, uint.MaxValue);
    }

    /// <summary>A code of so many bits in 1/32768 of full scale, rounded down.</summary>
    public static int Down(int code, int bitsPerSample) => bitsPerSample < 16 ? code << (16 - bitsPerSample) : code >> (bitsPerSample - 16);

    /// <summary>A code of so many bits in 1/32768 of full scale, rounded up.</summary>
    public static int Up(int code, int bitsPerSample) => bitsPerSample < 16 ? code << (16 - bitsPerSample) : (int)-(-(long)code >> (bitsPerSample - 16));

    /// <summary>A finite sample in 1/32768 of full scale, rounded down; at most twice full scale, on either side.</summary>
    public static int Down(double sample) => (int)Math.Floor(Math.Clamp(sample, -2, 2) * FullScale);

    /// <summary>A finite sample in 1/32768 of full scale, rounded up; at most twice full scale, on either side.</summary>
    public static int Up(double sample) => (int)Math.Ceiling(Math.Clamp(sample, -2, 2) * FullScale);
}
