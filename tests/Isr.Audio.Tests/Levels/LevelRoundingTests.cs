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
    [InlineData(1.5, 150_000)]
    [InlineData(3.046875, 304_688)]
    [InlineData(42_949.672944, uint.MaxValue - 1)]
    [InlineData(42_949.67295, uint.MaxValue)]
    [InlineData(42_949.67296, uint.MaxValue)]
    [InlineData(42_951, uint.MaxValue)]
    [InlineData(1e300, uint.MaxValue)]
    [InlineData(double.PositiveInfinity, uint.MaxValue)]
    public void Rounds_as_Python_does(double value, uint units) => Assert.Equal(units, LevelRounding.ToUnits(value));

    [Fact]
    public void Rounds_the_exact_binary_value_also_beside_halves()
    {
        var random = FrameReaderContract.Seeded();
        for (var i = 0; i < 200_000; i++)
        {
            var scale = i % 4 < 2 ? 1 : Math.Pow(2, random.Next(-30, 16));
            var value = (i % 2 == 0 ? random.NextDouble() : ((2 * random.Next(50_000)) + 1) / 200_000.0) * scale;
            if (value * 64 % 1 == 0)
            {
                // An exact half, which the framework rounds up.
                continue;
            }

            // Formatting is exact since .NET Core 3.0.
            var expected = ulong.Parse(value.ToString("F5", CultureInfo.InvariantCulture).Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            Assert.Equal(Math.Min(expected, uint.MaxValue), LevelRounding.ToUnits(value));
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

    [Theory]
    [InlineData(-128, 8, -32_768, -32_768)]
    [InlineData(127, 8, 32_512, 32_512)]
    [InlineData(int.MinValue, 32, -32_768, -32_768)]
    [InlineData(int.MaxValue, 32, 32_767, 32_768)]
    [InlineData(1, 32, 0, 1)]
    [InlineData(-1, 32, -1, 0)]
    public void Codes_of_any_width_are_rounded_outward(int code, int bits, int down, int up)
    {
        Assert.Equal(down, LevelRounding.Down(code, bits));
        Assert.Equal(up, LevelRounding.Up(code, bits));
    }

    [Theory]
    [InlineData(0.0, 0, 0)]
    [InlineData(1.0, 32_768, 32_768)]
    [InlineData(-1.5, -49_152, -49_152)]
    [InlineData(1e-30, 0, 1)]
    [InlineData(-1e-30, -1, 0)]
    [InlineData(1e300, 65_536, 65_536)]
    [InlineData(-1e300, -65_536, -65_536)]
    public void Floating_point_is_rounded_outward(double sample, int down, int up)
    {
        Assert.Equal(down, LevelRounding.Down(sample));
        Assert.Equal(up, LevelRounding.Up(sample));
    }
}
