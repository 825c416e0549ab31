using System.Runtime.Intrinsics.X86;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Levels;

public sealed class LevelKernelsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Portable_vectors_measure_as_the_plain_kernel(int channels) =>
        MeasuresAlike(channels == 1 ? Mono16Vector128Kernel.Measure : Stereo16Vector128Kernel.Measure, channels, SampleFormat.S16);

    [Theory]
    [InlineData(SampleFormat.S16, 1)]
    [InlineData(SampleFormat.S16, 2)]
    [InlineData(SampleFormat.S24Packed, 1)]
    [InlineData(SampleFormat.S24Packed, 2)]
    [InlineData(SampleFormat.S24, 1)]
    [InlineData(SampleFormat.S24, 2)]
    public void Avx2_measures_as_the_plain_kernel(SampleFormat format, int channels)
    {
        Assert.SkipUnless(Avx2.IsSupported, "this processor has no AVX2");
        var kernel = LevelKernels.Choose(format, channels);
        Assert.NotEqual(Plain(format), kernel);
        MeasuresAlike(kernel, channels, format);
    }

    [Fact]
    public void The_lowest_code_everywhere_overflows_nothing()
    {
        foreach (var format in LevelSamples.Integers)
        {
            foreach (var channels in (int[])[1, 2, 32])
            {
                var bits = LevelKernels.BitsOf(format);
                var lowest = int.MinValue >> (32 - bits);
                var samples = LevelSamples.Bytes(Enumerable.Repeat(lowest, channels * 64), format, new Random(1));
                byte[] most = [.. Enumerable.Range(0, LevelKernels.MaxMoments / 64).SelectMany(_ => samples)];
                List<LevelKernel> kernels = [LevelKernels.Choose(format, channels), Plain(format)];
                if (format == SampleFormat.S16 && channels <= 2)
                {
                    kernels.Add(channels == 1 ? Mono16Vector128Kernel.Measure : Stereo16Vector128Kernel.Measure);
                }

                foreach (var kernel in kernels)
                {
                    var extremes = new Extremes[channels];
                    Assert.Equal((UInt128)LevelKernels.MaxMoments * (ulong)(channels * channels) << (2 * (bits - 1)), kernel(most, extremes));
                    Assert.All(extremes, e => Assert.Equal(new Extremes(lowest, 0), e));
                }
            }
        }
    }

    [Fact]
    public void Clipped_samples_are_counted_one_by_one()
    {
        var random = FrameReaderContract.Seeded();
        foreach (var format in LevelSamples.Integers)
        {
            var bits = LevelKernels.BitsOf(format);
            var (lowest, highest) = (int.MinValue >> (32 - bits), int.MaxValue >> (32 - bits));
            for (var length = 0; length <= 257; length++)
            {
                var codes = LevelSamples.WildCodes(random, length, bits);
                byte[] shifted = [0, .. LevelSamples.Bytes(codes, format, random)];
                Assert.Equal(codes.Count(c => c == lowest || c == highest), LevelKernels.ChooseClipped(format)(shifted.AsSpan(1)));
            }
        }

        foreach (var format in LevelSamples.Reals)
        {
            for (var length = 0; length <= 257; length++)
            {
                var samples = LevelSamples.WildReals(random, length);
                byte[] shifted = [0, .. LevelSamples.Bytes(samples, format)];
                Assert.Equal(samples.Count(s => double.IsFinite(s) && Math.Abs(s) >= 1), RealKernels.ChooseClipped(format)(shifted.AsSpan(1)));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Avx2_measures_floating_point_as_the_plain_kernel_to_the_last_bit(int channels)
    {
        Assert.SkipUnless(Avx2.IsSupported, "this processor has no AVX2");
        var random = FrameReaderContract.Seeded();
        RealKernel kernel = channels == 1 ? MonoRealAvx2Kernel.Measure : StereoRealAvx2Kernel.Measure;
        for (var moments = 0; moments <= 257; moments++)
        {
            var offset = random.Next(1, 40);
            byte[] bytes = [.. new byte[offset], .. LevelSamples.Bytes(LevelSamples.WildReals(random, moments * channels), SampleFormat.Real)];
            var position = random.Next(5000);
            RealExtremes[] expected = [.. Enumerable.Range(0, channels).Select(_ => random.Next(2) == 0 ? RealExtremes.None : new RealExtremes(-random.NextDouble(), random.NextDouble()))];
            RealExtremes[] measured = [.. expected];
            RealLanes expectedSums = default;
            for (var lane = 0; lane < RealLanes.Count; lane++)
            {
                expectedSums[lane] = random.NextDouble() * 100;
            }

            var measuredSums = expectedSums;
            RealKernels.Measure<Real32>(bytes.AsSpan(offset), position, expected, ref expectedSums);
            kernel(bytes.AsSpan(offset), position, measured, ref measuredSums);

            Assert.Equal(expected, measured);
            Assert.Equal(((ReadOnlySpan<double>)expectedSums).ToArray(), ((ReadOnlySpan<double>)measuredSums).ToArray());
        }
    }

    private static LevelKernel Plain(SampleFormat format) => format switch
    {
        SampleFormat.U8 => LevelKernels.Measure<CodeU8>,
        SampleFormat.S16 => LevelKernels.Measure<CodeS16>,
        SampleFormat.S24Packed => LevelKernels.Measure<CodeS24Packed>,
        SampleFormat.S24 => LevelKernels.Measure<CodeS24>,
        _ => LevelKernels.Measure<CodeS32>,
    };

    private static void MeasuresAlike(LevelKernel kernel, int channels, SampleFormat format)
    {
        var random = FrameReaderContract.Seeded();
        for (var moments = 0; moments <= 257; moments++)
        {
            // At any address: nothing promises a sample to lie at an even one.
            var offset = random.Next(1, 40);
            byte[] bytes = [.. new byte[offset], .. LevelSamples.Bytes(LevelSamples.WildCodes(random, moments * channels, LevelKernels.BitsOf(format)), format, random)];
            Extremes[] expected = [.. Enumerable.Range(0, channels).Select(_ => random.Next(2) == 0 ? Extremes.None : new Extremes(random.Next(-9, 0), random.Next(9)))];
            Extremes[] measured = [.. expected];

            Assert.Equal(Plain(format)(bytes.AsSpan(offset), expected), kernel(bytes.AsSpan(offset), measured));
            Assert.Equal(expected, measured);
        }
    }
}
