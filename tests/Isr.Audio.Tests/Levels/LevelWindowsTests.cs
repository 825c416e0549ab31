using System.Numerics;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Levels;

public sealed class LevelWindowsTests
{
    private const int Rate = 1_005;
    private const int WindowSamples = 100;

    /// <summary>From numpy 1.24: <c>round(float(np.sqrt(np.mean(mono[i:i + w] ** 2))), 5)</c>, <c>mono = samples.mean(axis=1) / 2 ** (bits - 1)</c>.</summary>
    [Theory]
    [InlineData(16, 1, 48_000, 1, new uint[] { 57993, 57783, 57760, 57457, 57792, 58647 })]
    [InlineData(16, 2, 44_100, 1, new uint[] { 40267, 41560, 41037, 40873, 40885, 40070 })]
    [InlineData(16, 1, 11_025, 40, new uint[] { 1464, 1402, 1456, 1461, 1456, 1424 })]
    [InlineData(24, 2, 48_000, 1, new uint[] { 40817, 41406, 40949, 40486, 40732, 40768 })]
    [InlineData(16, 3, 8_000, 1, new uint[] { 32945, 32879, 33160, 33474, 34906, 35769 })]
    [InlineData(24, 6, 8_000, 200, new uint[] { 119, 121, 117, 119, 118, 123 })]
    public void Levels_are_those_of_numpy(int bits, int channels, int rate, int quieter, uint[] expected)
    {
        var state = (ulong)((bits * 100) + channels);
        var codes = Enumerable.Range(0, (int)(rate * 0.55) * channels).Select(_ =>
        {
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            return ((int)(state >> 33 >> (31 - bits)) - (1 << (bits - 1))) / quieter;
        });
        var windows = new LevelWindows(rate, channels, bits == 16 ? SampleFormat.S16 : SampleFormat.S24Packed);
        windows.Add(LevelSamples.Bytes(codes, bits));

        var levels = windows.ToLevels();
        Assert.Equal(expected, levels.Rms.ToArray());
        Assert.Equal((rate, channels, rate / 10, (long)(int)(rate * 0.55)), (levels.SampleRate, levels.Channels, levels.WindowSamples, levels.Samples));
        Assert.Equal(5, windows.Windows);
    }

    public static TheoryData<SampleFormat, int> Kinds()
    {
        var kinds = new TheoryData<SampleFormat, int>();
        foreach (var format in (SampleFormat[])[.. LevelSamples.Integers, .. LevelSamples.Reals])
        {
            foreach (var channels in (int[])[1, 2, 5])
            {
                kinds.Add(format, channels);
            }
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Any_split_into_calls_gives_the_same_and_what_single_samples_say(SampleFormat format, int channels)
    {
        var random = FrameReaderContract.Seeded();
        var (bytes, expected) = Wild(format, channels, 3_333, random);
        var whole = new LevelWindows(Rate, channels, format);
        whole.Add(bytes);
        var pieces = new LevelWindows(Rate, channels, format);
        AddInPieces(pieces, bytes, format, random);

        AssertEqual(whole.ToLevels(), pieces.ToLevels());
        AssertEqual(expected, whole.ToLevels());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parts_of_a_file_join_as_if_they_had_been_one(SampleFormat format, int channels)
    {
        var random = FrameReaderContract.Seeded();
        var (bytes, expected) = Wild(format, channels, 3_333, random);
        var isReal = format is SampleFormat.Real or SampleFormat.Real64;
        var moment = channels * SampleConversion.BytesOf(format);
        for (var round = 0; round < 8; round++)
        {
            // Parts of many windows, and several within one.
            List<LevelWindows> parts = [];
            for (var at = 0; at < 3_333;)
            {
                var length = random.Next(4) switch { 0 => random.Next(30), 1 => WindowSamples, _ => random.Next(900) };
                length = Math.Min(3_333 - at, isReal ? length / WindowSamples * WindowSamples : length);
                length = isReal && 3_333 - at < WindowSamples ? 3_333 - at : length;
                var part = new LevelWindows(Rate, channels, format, at);
                AddInPieces(part, bytes.AsSpan(at * moment, length * moment), format, random);
                Assert.Equal(length, part.Samples);
                parts.Add(part);
                at += length;
            }

            // In any order of joining.
            while (parts.Count > 1)
            {
                var i = random.Next(parts.Count - 1);
                parts[i].Append(parts[i + 1]);
                parts.RemoveAt(i + 1);
            }

            AssertEqual(expected, parts[0].ToLevels());
        }
    }

    [Fact]
    public void More_may_be_added_behind_what_was_joined_and_the_joined_part_stays_as_it_was()
    {
        var samples = LevelSamples.Bytes(LevelSamples.WildCodes(new Random(1), 2_000, 16), 16);
        var windows = new LevelWindows(Rate, 1, SampleFormat.S16);
        windows.Add(samples.AsSpan(0, 1_000));
        var next = new LevelWindows(Rate, 1, SampleFormat.S16, 500);
        next.Add(samples.AsSpan(1_000, 1_000));

        windows.Append(next);
        windows.Add(samples.AsSpan(2_000));
        next.Add(samples.AsSpan(2_000));

        var expected = new LevelWindows(Rate, 1, SampleFormat.S16);
        expected.Add(samples);
        AssertEqual(expected.ToLevels(), windows.ToLevels());
        var again = new LevelWindows(Rate, 1, SampleFormat.S16);
        again.Add(samples.AsSpan(0, 1_000));
        again.Append(next);
        AssertEqual(expected.ToLevels(), again.ToLevels());
    }

    [Fact]
    public void What_does_not_follow_is_not_joined()
    {
        var windows = new LevelWindows(Rate, 1, SampleFormat.Real);
        windows.Add(new byte[4 * 150]);

        Assert.Throws<ArgumentException>(() => windows.Append(new LevelWindows(Rate, 1, SampleFormat.Real, 150)));
        Assert.Throws<ArgumentException>(() => windows.Append(new LevelWindows(Rate, 1, SampleFormat.Real, 200)));
        windows.Add(new byte[4 * 50]);
        Assert.Throws<ArgumentException>(() => windows.Append(new LevelWindows(Rate, 2, SampleFormat.Real, 200)));
        Assert.Throws<ArgumentException>(() => windows.Append(new LevelWindows(Rate, 1, SampleFormat.S32, 200)));
        Assert.Throws<ArgumentException>(() => windows.Append(new LevelWindows(Rate + 1, 1, SampleFormat.Real, 200)));
        windows.Append(new LevelWindows(Rate, 1, SampleFormat.Real, 200));
        Assert.Throws<InvalidOperationException>(() => new LevelWindows(Rate, 1, SampleFormat.S16, 150).ToLevels());
        Assert.Throws<ArgumentOutOfRangeException>(() => new LevelWindows(Rate, 1, SampleFormat.S16, -1));
    }

    [Theory]
    [InlineData(SampleFormat.Real)]
    [InlineData(SampleFormat.Real64)]
    public void Floating_point_may_be_louder_than_full_scale(SampleFormat format)
    {
        double[][] seconds = [[1.5, -1.5], [-3, 3], [1e3, 1e3], [1e30, -1e30], [double.NaN, double.PositiveInfinity], [0.999_99, -0.999_99]];
        var windows = new LevelWindows(8_000, 1, format);
        foreach (var pair in seconds)
        {
            windows.Add(LevelSamples.Bytes(Enumerable.Repeat(pair, 400).SelectMany(p => p), format));
        }

        var levels = windows.ToLevels();
        Assert.Equal([150_000u, 300_000u, 100_000_000u, uint.MaxValue, 0u, 99_999u], levels.Rms.ToArray());
        Assert.Equal([-32_768, -32_768, 32_767, -32_768, 0, -32_768], levels.Minimum.ToArray());
        Assert.Equal([32_767, 32_767, 32_767, 32_767, 0, 32_767], levels.Maximum.ToArray());
        Assert.Equal([49_152, 65_535, 65_535, 65_535, 0, 32_768], levels.Peaks[0].ToArray());
        Assert.Equal([800, 800, 800, 800, 0, 0], levels.Clipped.ToArray());
    }

    [Fact]
    public void Full_scale_of_many_channels_at_a_high_rate_is_one()
    {
        var windows = new LevelWindows(384_000, 32, SampleFormat.S24Packed);
        var samples = LevelSamples.Bytes(Enumerable.Repeat(-8_388_608, 32 * 384), 24);
        for (var i = 0; i < 100; i++)
        {
            windows.Add(samples);
        }

        Assert.Equal(1, windows.Windows);
        Assert.Equal(100_000u, windows[0].Rms);
        Assert.Equal(-32_768, windows[0].Minimum);
        Assert.Equal(-32_768, windows[0].Maximum);
        Assert.Equal(32, windows[0].Peaks.Length);
        Assert.Equal(32_768, windows[0].Peaks[31]);
        Assert.Equal(65_535, windows[0].Clipped);
    }

    [Fact]
    public void Opposite_phase_vanishes_in_the_mean_and_shows_in_the_peaks()
    {
        var windows = new LevelWindows(8_000, 2, SampleFormat.S16);
        windows.Add(LevelSamples.Bytes(Enumerable.Range(0, 800).SelectMany(i => (int[])[i * 10, i * -10]), 16));

        var window = windows[0];
        Assert.Equal(0u, window.Rms);
        Assert.Equal([7990, 7990], window.Peaks.ToArray());
        Assert.Equal((-7990, 7990, 0), (window.Minimum, window.Maximum, window.Clipped));
    }

    [Fact]
    public void A_begun_window_is_divided_by_its_own_length_and_goes_on_afterwards()
    {
        var windows = new LevelWindows(8_000, 1, SampleFormat.S16);
        windows.Add(LevelSamples.Bytes(Enumerable.Repeat(16_384, 100), 16));
        var begun = windows.ToLevels();
        windows.Add(LevelSamples.Bytes(Enumerable.Repeat(0, 701), 16));

        Assert.Equal([50_000u], begun.Rms.ToArray());
        Assert.Equal([17_678u, 0u], windows.ToLevels().Rms.ToArray());
        Assert.Equal(100, begun.Samples);
        Assert.Equal(1, windows.Windows);
        Assert.Empty(new LevelWindows(8_000, 1, SampleFormat.S16).ToLevels().Rms.ToArray());
    }

    [Fact]
    public void Adding_allocates_nothing_but_room()
    {
        var windows = new LevelWindows(48_000, 2, SampleFormat.S16);
        var second = new byte[48_000 * 4];
        windows.Add(second);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
        {
            windows.Add(second);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void What_is_no_PCM_of_ours_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new LevelWindows(48_000, 2, SampleFormat.S16).Add(new byte[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LevelWindows(48_000, 2, (SampleFormat)99));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LevelWindows(48_000, 0, SampleFormat.S16));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LevelWindows(48_000, 257, SampleFormat.S16));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LevelWindows(0, 1, SampleFormat.S16));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LevelWindows(48_000, 1, SampleFormat.S16)[0].Rms);
    }

    internal static void AssertEqual(RecordingLevels expected, RecordingLevels actual)
    {
        Assert.Equal((expected.SampleRate, expected.Channels, expected.WindowSamples, expected.Samples), (actual.SampleRate, actual.Channels, actual.WindowSamples, actual.Samples));
        Assert.Equal(expected.Rms.ToArray(), actual.Rms.ToArray());
        Assert.Equal(expected.Minimum.ToArray(), actual.Minimum.ToArray());
        Assert.Equal(expected.Maximum.ToArray(), actual.Maximum.ToArray());
        Assert.Equal(expected.Clipped.ToArray(), actual.Clipped.ToArray());
        Assert.Equal(expected.Peaks.Select(p => p.ToArray()), actual.Peaks.Select(p => p.ToArray()));
    }

    private static (byte[] Bytes, RecordingLevels Levels) Wild(SampleFormat format, int channels, int moments, Random random)
    {
        if (format is SampleFormat.Real or SampleFormat.Real64)
        {
            var reals = LevelSamples.WildReals(random, moments * channels);
            var finite = reals.Select(r => double.IsFinite(r) ? r : 0).ToList();
            return (LevelSamples.Bytes(reals, format), Slowly(finite, 1, channels, r => Math.Abs(r) >= 1));
        }

        var bits = LevelKernels.BitsOf(format);
        var codes = LevelSamples.WildCodes(random, moments * channels, bits);
        var (low, high) = (int.MinValue >> (32 - bits), int.MaxValue >> (32 - bits));
        return (LevelSamples.Bytes(codes, format, random), Slowly([.. codes.Select(c => (double)c)], 1L << (bits - 1), channels, c => c == low || c == high));
    }

    private static void AddInPieces(LevelWindows windows, ReadOnlySpan<byte> bytes, SampleFormat format, Random random)
    {
        var moment = windows.Channels * SampleConversion.BytesOf(format);
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(random.Next(300) * moment, bytes.Length);
            windows.Add(bytes[..length]);
            bytes = bytes[length..];
        }
    }

    /// <summary>The sum of squares of the channels' sums, without any rounding: a float's last bit stands for 2^-149.</summary>
    private static double Exact(double[][] moments)
    {
        var sum = moments.Aggregate(BigInteger.Zero, (total, moment) => total + BigInteger.Pow(moment.Aggregate(BigInteger.Zero, (s, x) => s + Fixed(x)), 2));
        return (double)sum * Math.ScaleB(1, -298);
    }

    private static BigInteger Fixed(double value) => (BigInteger)Math.ScaleB(value, 149);

    /// <summary>The definitions, one after the other.</summary>
    private static RecordingLevels Slowly(List<double> samples, double fullScale, int channels, Func<double, bool> isClipped)
    {
        var windows = samples.Chunk(channels).Chunk(WindowSamples).ToList();
        double In16(double sample) => sample / fullScale * 32_768;
        return new RecordingLevels
        {
            SampleRate = Rate,
            Channels = channels,
            WindowSamples = WindowSamples,
            Samples = samples.Count / channels,
            Rms = windows.Select(w => (uint)Math.Min(uint.MaxValue, Math.Round(Math.Sqrt(Exact(w) / w.Length) / channels / fullScale * 1e5))).ToArray(),
            Minimum = windows.Select(w => (short)Math.Clamp(Math.Floor(In16(w.SelectMany(m => m).Min())), -32_768, 32_767)).ToArray(),
            Maximum = windows.Select(w => (short)Math.Clamp(Math.Ceiling(In16(w.SelectMany(m => m).Max())), -32_768, 32_767)).ToArray(),
            Peaks = [.. Enumerable.Range(0, channels).Select(c => (ReadOnlyMemory<ushort>)windows.Select(w => (ushort)Math.Min(65_535, Math.Ceiling(In16(w.Max(m => Math.Abs(m[c])))))).ToArray())],
            Clipped = windows.Select(w => (ushort)w.SelectMany(m => m).Count(isClipped)).ToArray(),
        };
    }
}
