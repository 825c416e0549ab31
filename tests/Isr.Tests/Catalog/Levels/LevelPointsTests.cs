using Isr.Catalog.Levels;
using Isr.Tests.Support;

namespace Isr.Tests.Catalog.Levels;

public sealed class LevelPointsTests
{
    [Fact]
    public void Each_point_has_the_extremes_of_its_stretch()
    {
        // Four seconds; a short impact in the 23rd window.
        var levels = TestLevels.Of(Enumerable.Range(0, 40).Select(i => (short)(i == 22 ? 16384 : 328)));

        var points = LevelPoints.Gather(levels, 0, double.PositiveInfinity, 4);

        Assert.Equal((0, 4, 4, 0.1), (points.From, points.To, points.Duration, points.Window));
        Assert.Equal([0.01, 0.01, 0.5, 0.01], points.Max.Select(v => Math.Round(v, 2)));
        Assert.Equal([-0.01, -0.01, -0.5, -0.01], points.Min.Select(v => Math.Round(v, 2)));
        Assert.InRange(points.Rms[2], Math.Sqrt(0.25 / 10), Math.Sqrt(0.26 / 10));
        Assert.InRange(points.Rms[0], 0.01, 0.0101);
    }

    [Theory]
    [InlineData(0.0, 4.0, 4, 4, 0.0, 4.0)]
    [InlineData(0.0, 4.0, 1000, 40, 0.0, 4.0)]
    [InlineData(1.23, 1.25, 100, 1, 1.2, 1.3)]
    [InlineData(3.95, 99.0, 100, 1, 3.9, 4.0)]
    [InlineData(4.5, 99.0, 100, 0, 4.0, 4.0)]
    public void A_stretch_is_widened_to_whole_windows(double from, double to, int most, int count, double first, double last)
    {
        var points = LevelPoints.Gather(TestLevels.Of(Enumerable.Repeat<short>(100, 40)), from, to, most);

        Assert.Equal(count, points.Rms.Count);
        Assert.Equal((first, last), (points.From, points.To));
    }
}
