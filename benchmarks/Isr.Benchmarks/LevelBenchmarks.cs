using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;

namespace Isr.Benchmarks;

/// <summary>Ten minutes of 48 kHz PCM measured in windows, as the kernels do it; an hour takes six times as long.</summary>
[ShortRunJob]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class LevelBenchmarks
{
    private const int Seconds = 600;

    private readonly Extremes[] _extremes = new Extremes[2];
    private readonly RealExtremes[] _realExtremes = new RealExtremes[2];
    private byte[] _second = [];
    private byte[] _reals = [];

    [GlobalSetup]
    public void Generate()
    {
        var random = new Random(1);
        var samples = new short[48_000 * 2];
        foreach (ref var sample in samples.AsSpan())
        {
            sample = (short)random.Next(-3000, 3000);
        }

        _second = MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
        _reals = MemoryMarshal.AsBytes(samples.Select(s => s / 32_768f).ToArray().AsSpan()).ToArray();
    }

    [Benchmark(Baseline = true), BenchmarkCategory("mono")]
    public UInt128 MonoPlain() => Measure(LevelKernels.Measure<CodeS16>, 1);

    [Benchmark, BenchmarkCategory("mono")]
    public UInt128 MonoVector128() => Measure(Mono16Vector128Kernel.Measure, 1);

    [Benchmark, BenchmarkCategory("mono")]
    public UInt128 MonoAvx2() => Measure(Mono16Avx2Kernel.Measure, 1);

    [Benchmark(Baseline = true), BenchmarkCategory("stereo")]
    public UInt128 StereoPlain() => Measure(LevelKernels.Measure<CodeS16>, 2);

    [Benchmark, BenchmarkCategory("stereo")]
    public UInt128 StereoVector128() => Measure(Stereo16Vector128Kernel.Measure, 2);

    [Benchmark, BenchmarkCategory("stereo")]
    public UInt128 StereoAvx2() => Measure(Stereo16Avx2Kernel.Measure, 2);

    [Benchmark, BenchmarkCategory("stereo")]
    public int StereoWindows()
    {
        var windows = new LevelWindows(48_000, 2, SampleFormat.S16);
        for (var i = 0; i < Seconds; i++)
        {
            windows.Add(_second);
        }

        return windows.Windows;
    }

    /// <summary>Three bytes a sample, plain.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("stereo, 24 bits")]
    public UInt128 Stereo24Plain()
    {
        var sum = UInt128.Zero;
        for (var i = 0; i < Seconds * 3 / 2; i++)
        {
            sum += LevelKernels.Measure<CodeS24Packed>(_second, _extremes);
        }

        return sum;
    }

    [Benchmark, BenchmarkCategory("stereo, 24 bits")]
    public UInt128 Stereo24Avx2()
    {
        var sum = UInt128.Zero;
        for (var i = 0; i < Seconds * 3 / 2; i++)
        {
            for (var at = 0; at < _second.Length; at += 28_800)
            {
                sum += Stereo24Avx2Kernel.Measure<EightPacked>(_second.AsSpan(at, Math.Min(28_800, _second.Length - at)), _extremes);
            }
        }

        return sum;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("stereo, floating point")]
    public double StereoRealPlain() => Measure(RealKernels.Measure<Real32>);

    [Benchmark, BenchmarkCategory("stereo, floating point")]
    public double StereoRealAvx2() => Measure(StereoRealAvx2Kernel.Measure);

    private double Measure(RealKernel kernel)
    {
        RealLanes sums = default;
        for (var i = 0; i < Seconds * 10; i++)
        {
            kernel(_reals.AsSpan(i % 10 * 38_400, 38_400), 0, _realExtremes, ref sums);
        }

        return sums.Sum();
    }

    private UInt128 Measure(LevelKernel kernel, int channels)
    {
        var sum = UInt128.Zero;
        var window = 4_800 * 2 * channels;
        for (var i = 0; i < Seconds * 10; i++)
        {
            sum += kernel(_second.AsSpan(i % 10 * window, window), _extremes.AsSpan(0, channels));
        }

        return sum;
    }
}
