namespace Isr.Audio.Detection;

/// <summary>
/// To few decimals, correctly rounded from the exact binary value, exact halves to even, as Python's <c>round(x, n)</c>.
/// <c>Math.Round(x, n)</c> rounds a product that is rounded itself; <c>ToString("F1")</c> rounds exact halves up.
/// </summary>
public static class DecimalRounding
{
    private const int FractionBits = 52;
    private const int ExponentBias = 1075;
    private const int MostDecimals = 5;
    private const int LargestShift = FractionBits + 18;

    /// <param name="value">Not negative; below 2^36, or whole.</param>
    /// <param name="decimals">0 to 5.</param>
    public static double Round(double value, int decimals)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)decimals, (uint)MostDecimals, nameof(decimals));
        var scale = 1ul;
        for (var i = 0; i < decimals; i++)
        {
            scale *= 10;
        }

        var bits = BitConverter.DoubleToUInt64Bits(value);
        var shift = ExponentBias - (int)(bits >> FractionBits);
        if (shift <= 0)
        {
            // 2^53 and more: whole numbers.
            return value;
        }

        if (shift > LargestShift)
        {
            // Below 2^-18, which is below half of 10^-5.
            return 0;
        }

        var product = (UInt128)((bits & ((1ul << FractionBits) - 1)) | (1ul << FractionBits)) * scale;
        var (whole, rest, half) = ((ulong)(product >> shift), product & ((UInt128.One << shift) - 1), UInt128.One << (shift - 1));
        if (rest > half || (rest == half && (whole & 1) == 1))
        {
            whole++;
        }

        return (double)whole / scale;
    }
}
