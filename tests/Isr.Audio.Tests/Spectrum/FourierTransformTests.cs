using System.Numerics;
using Isr.Audio.Spectrum;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Spectrum;

public sealed class FourierTransformTests
{
    /// <summary>Shorter and longer than a vector.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(512)]
    public void It_is_the_sum_that_defines_it(int length)
    {
        var random = FrameReaderContract.Seeded();
        var values = Enumerable.Range(0, length).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5)).ToArray();
        var (real, imaginary) = (Array.ConvertAll(values, v => (float)v.Real), Array.ConvertAll(values, v => (float)v.Imaginary));

        new FourierTransform(length).Transform(real, imaginary);

        for (var k = 0; k < length; k++)
        {
            var sum = Complex.Zero;
            for (var n = 0; n < length; n++)
            {
                sum += values[n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * k * n / length);
            }

            Assert.InRange((sum - new Complex(real[k], imaginary[k])).Magnitude, 0, 1e-6 * length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    public void Only_powers_of_two_are_lengths(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new FourierTransform(length));
}
