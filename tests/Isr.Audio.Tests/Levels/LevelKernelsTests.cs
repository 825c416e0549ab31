using System.Runtime.Intrinsics.X86;
using Isr.Audio.Levels;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Levels;

public sealed class LevelKernelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Portable_vectors_measure_as_the_plain_kernel(int channels) =>
        MeasuresAlike(channels == 1 ? Mono16Vector128Kernel.Measure : Stereo16Vector128Kernel.Measure, channels);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Avx2_measures_as_the_plain_kernel(int channels)
    {
        Assert.SkipUnless(Avx2.IsSupported, "this processor has no AVX2");
        MeasuresAlike(channels == 1 ? Mono16Avx2Kernel.Measure : Stereo16Avx2Kernel.Measure, channels);
    }

    [Fact]
    public void The_lowest_code_everywhere_overflows_nothing()
    {
        foreach (var channels in (int[])[1, 2])
        {
            var samples = LevelSamples.Bytes(Enumerable.Repeat(-32768, 38_400 * channels), 16);
            LevelKernel[] kernels = channels == 1
                ? [Mono16Vector128Kernel.Measure, LevelKernels.Choose(1, 16), LevelKernels.Measure16]
                : [Stereo16Vector128Kernel.Measure, LevelKernels.Choose(2, 16), LevelKernels.Measure16];
            foreach (var kernel in kernels)
            {
                var extremes = new Extremes[channels];
                Assert.Equal((UInt128)38_400 * (ulong)(channels * channels) << 30, kernel(samples, extremes));
                Assert.All(extremes, e => Assert.Equal(new Extremes(-32768, 0), e));
            }
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public void Clipped_samples_are_counted_one_by_one(int bits)
    {
        var random = FrameReaderContract.Seeded();
        var (lowest, highest) = (-1 << (bits - 1), (1 << (bits - 1)) - 1);
        for (var length = 0; length <= 257; length++)
        {
            var codes = Enumerable.Range(0, length).Select(_ => random.Next(3) switch { 0 => lowest, 1 => highest, _ => random.Next(lowest + 1, highest) }).ToList();
            byte[] shifted = [0, .. LevelSamples.Bytes(codes, bits)];
            Assert.Equal(codes.Count(c => c == lowest || c == highest), LevelKernels.CountClipped(shifted.AsSpan(1), bits));
        }
    }

    private static void MeasuresAlike(LevelKernel kernel, int channels)
    {
        var random = FrameReaderContract.Seeded();
        for (var moments = 0; moments <= 257; moments++)
        {
            // At any address: nothing promises a sample to lie at an even one.
            var offset = random.Next(1, 40);
            var samples = new byte[offset].Concat(LevelSamples.Wild(random, moments, channels, 16)).ToArray().AsSpan(offset);
            Extremes[] expected = [.. Enumerable.Range(0, channels).Select(_ => random.Next(2) == 0 ? Extremes.None : new Extremes(random.Next(-9, 0), random.Next(9)))];
            Extremes[] measured = [.. expected];

            Assert.Equal(LevelKernels.Measure16(samples, expected), kernel(samples, measured));
            Assert.Equal(expected, measured);
        }
    }
}
