using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Levels;

public sealed class LevelWindowsTests
{
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

    [Theory]
    [InlineData(16, 1)]
    [InlineData(16, 2)]
    [InlineData(16, 5)]
    [InlineData(24, 1)]
    [InlineData(24, 2)]
    [InlineData(24, 3)]
    public void Any_split_into_calls_gives_the_same_and_what_single_samples_say(int bits, int channels)
    {
        var random = FrameReaderContract.Seeded();
        const int Rate = 1_005;
        var bytes = LevelSamples.Wild(random, 12_345, channels, bits);
        var whole = new LevelWindows(Rate, channels, bits == 16 ? SampleFormat.S16 : SampleFormat.S24Packed);
        whole.Add(bytes);
        var pieces = new LevelWindows(Rate, channels, bits == 16 ? SampleFormat.S16 : SampleFormat.S24Packed);
        var moment = channels * bits / 8;
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(random.Next(300) * moment, bytes.Length - at);
            pieces.Add(bytes.AsSpan(at, length));
            at += length;
        }

        AssertEqual(whole.ToLevels(), pieces.ToLevels());
        AssertEqual(Slowly(bytes, Rate, channels, bits), whole.ToLevels());
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

    /// <summary>The definitions, one after the other.</summary>
    private static RecordingLevels Slowly(byte[] bytes, int rate, int channels, int bits)
    {
        var width = bits / 8;
        var codes = bytes.Chunk(width).Select(b => b.Reverse().Aggregate(b[^1] >= 128 ? -1 : 0, (code, next) => (code << 8) | next)).ToList();
        var windows = codes.Chunk(channels).Chunk(rate / 10).ToList();
        var (low, high, unit) = (-1 << (bits - 1), (1 << (bits - 1)) - 1, 1 << (bits - 16));
        return new RecordingLevels
        {
            SampleRate = rate,
            Channels = channels,
            WindowSamples = rate / 10,
            Samples = codes.Count / channels,
            Rms = windows.Select(w => (uint)Math.Round(Math.Sqrt(w.Average(m => Math.Pow(m.Average() / -low, 2))) * 1e5)).ToArray(),
            Minimum = windows.Select(w => (short)Math.Floor(w.SelectMany(m => m).Min() / (double)unit)).ToArray(),
            Maximum = windows.Select(w => (short)Math.Min(32767, Math.Ceiling(w.SelectMany(m => m).Max() / (double)unit))).ToArray(),
            Peaks = [.. Enumerable.Range(0, channels).Select(c => (ReadOnlyMemory<ushort>)windows.Select(w => (ushort)Math.Ceiling(w.Max(m => Math.Abs((double)m[c])) / unit)).ToArray())],
            Clipped = windows.Select(w => (ushort)w.SelectMany(m => m).Count(s => s == low || s == high)).ToArray(),
        };
    }
}
