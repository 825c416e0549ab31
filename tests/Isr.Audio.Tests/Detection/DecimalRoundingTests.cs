using Isr.Audio.Detection;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Detection;

public sealed class DecimalRoundingTests
{
    [Theory]
    [InlineData(0.25, 1, 0.2)]
    [InlineData(0.75, 1, 0.8)]
    [InlineData(0.05, 1, 0.1)]
    [InlineData(0.15, 1, 0.1)]
    [InlineData(2.675, 2, 2.67)]
    [InlineData(1.005, 2, 1.0)]
    [InlineData(0.125, 2, 0.12)]
    [InlineData(86399.95, 1, 86399.9)]
    [InlineData(0, 1, 0)]
    [InlineData(5e-324, 4, 0)]
    [InlineData(9007199254740993, 4, 9007199254740992)]
    public void Rounds_the_exact_binary_value_and_halves_to_even(double value, int decimals, double expected) =>
        Assert.Equal(expected, DecimalRounding.Round(value, decimals));

    [Fact]
    public void Is_what_exact_fractions_give_for_any_value()
    {
        var random = FrameReaderContract.Seeded();
        for (var i = 0; i < 100_000; i++)
        {
            var decimals = random.Next(6);
            var value = random.Next(3) switch
            {
                // As windows' starts are made, close to halves, and anything.
                0 => random.Next(1_000_000) * ((double)random.Next(1, 400) / random.Next(1, 4000)),
                1 => Math.BitIncrement((random.Next(1_000_000) + 0.5) / Math.Pow(10, decimals)) - (random.Next(3) * 1e-12),
                _ => Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64(BitConverter.DoubleToInt64Bits(1e-9), BitConverter.DoubleToInt64Bits(1e10)))),
            };
            value = Math.Max(value, 1e-300);
            Assert.Equal(LiteralDetector.Round(value, decimals), DecimalRounding.Round(value, decimals));
        }
    }
}
