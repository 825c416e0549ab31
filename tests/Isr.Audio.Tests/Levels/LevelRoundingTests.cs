using System.Globalization;
using Isr.Audio.Levels;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Levels;

public sealed class LevelRoundingTests
{
    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.0, 100_000)]
    [InlineData(double.Epsilon, 0)]
    [InlineData(0.000005, 1)] // A little more than that in binary.
    [InlineData(0.015625, 1562)] // Exact halves, to even.
    [InlineData(0.046875, 4688)]
    [InlineData(0.078125, 7812)]
    [InlineData(0.000015, 2)]
    [InlineData(0.999995, 99_999)]
    [InlineData(0.285715, 28_571)]
    public void Rounds_as_Python_does(double value, uint units) => Assert.Equal(units, LevelRounding.ToUnits(value));

    [Fact]
    public void Rounds_the_exact_binary_value_also_beside_halves()
    {
        var random = FrameReaderContract.Seeded();
        for (var i = 0; i < 200_000; i++)
        {
            var value = i % 2 == 0 ? random.NextDouble() : ((2 * random.Next(50_000)) + 1) / 200_000.0;
            if (value * 64 % 1 == 0)
            {
                // An exact half, which the framework rounds up.
                continue;
            }

            // Formatting is exact since .NET Core 3.0.
            var expected = uint.Parse(value.ToString("F5", CultureInfo.InvariantCulture).Remove(1, 1), CultureInfo.InvariantCulture);
            Assert.Equal(expected, LevelRounding.ToUnits(value));
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(-1, -1, 0)]
    [InlineData(256, 1, 1)]
    [InlineData(-257, -2, -1)]
    [InlineData(8_388_607, 32_767, 32_768)]
    [InlineData(-8_388_608, -32_768, -32_768)]
    public void Codes_of_24_bits_are_rounded_outward(int code, int down, int up)
    {
        Assert.Equal(down, LevelRounding.Down(code, 24));
        Assert.Equal(up, LevelRounding.Up(code, 24));
    }
}
