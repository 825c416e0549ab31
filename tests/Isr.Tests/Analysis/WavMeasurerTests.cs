using System.Runtime.InteropServices;
using Isr.Analysis;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis;

public sealed class WavMeasurerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("pcm_u8", 1, 8_000)]
    [InlineData("pcm_u8", 2, 44_100)]
    [InlineData("pcm_s16le", 1, 48_000)]
    [InlineData("pcm_s16le", 2, 11_025)]
    [InlineData("pcm_s16le", 6, 22_050)]
    [InlineData("pcm_s24le", 1, 44_100)]
    [InlineData("pcm_s24le", 2, 96_000)]
    [InlineData("pcm_s24le", 6, 16_000)]
    [InlineData("pcm_s32le", 1, 48_000)]
    [InlineData("pcm_s32le", 2, 32_000)]
    [InlineData("pcm_f32le", 1, 48_000)]
    [InlineData("pcm_f32le", 2, 44_100)]
    [InlineData("pcm_f32le", 5, 12_000)]
    [InlineData("pcm_f64le", 2, 48_000)]
    public async Task Every_kind_that_ffmpeg_writes_is_measured_as_it_decodes_it(string codec, int channels, int rate)
    {
        foreach (var rf64 in (string[])["never", "always"])
        {
            var path = _directory.File($"{rf64}.wav");
            await Processes.CheckAsync(
                "ffmpeg",
                ["-v", "error", "-nostdin", "-f", "lavfi", "-i", $"anoisesrc=sample_rate={rate}:amplitude=0.6:color=white:seed=7:duration=0.634", "-filter_complex", Channels(channels), "-c:a", codec, "-rf64", rf64, path]);

            await AssertMeasuredAsDecoded(path, rate, channels);
        }
    }

    [Theory]
    [InlineData("-b 8", 1)]
    [InlineData("-b 16", 2)]
    [InlineData("-b 24", 3)]
    [InlineData("-b 32", 1)]
    [InlineData("-b 32 -e floating-point", 2)]
    [InlineData("-b 64 -e floating-point", 1)]
    public async Task Every_kind_that_sox_writes_is_measured_as_ffmpeg_decodes_it(string encoding, int channels)
    {
        var path = _directory.File("a.wav");
        await Processes.CheckAsync("sox", ["-R", "-n", "-r", "22050", "-c", $"{channels}", .. encoding.Split(' '), path, "synth", "0.61", "pinknoise"]);

        await AssertMeasuredAsDecoded(path, 22_050, channels);
    }

    [Theory]
    [InlineData(SampleFormat.S16, 16, WavBytes.Pcm)]
    [InlineData(SampleFormat.S24Packed, 24, WavBytes.Pcm)]
    [InlineData(SampleFormat.Real, 32, WavBytes.Float)]
    public void Many_ranges_on_many_threads_give_what_one_reading_gives(SampleFormat format, int bits, int tag)
    {
        var data = MemoryMarshal.AsBytes(Enumerable.Range(0, 3_500_001).Select(i => MathF.Sin(i * 0.01f) / (1 + (i % 7919))).ToArray().AsSpan());
        data = data[..(data.Length / (bits / 4) * (bits / 4))];
        var expected = new LevelWindows(44_105, 2, format);
        expected.Add(data);
        var file = WavBytes.File(tag, 44_105, 2, bits, data);
        List<double> told = [];

        foreach (var cores in (int[])[1, 2, 5])
        {
            var measured = Measure(file, cores, done =>
            {
                lock (told)
                {
                    told.Add(done);
                }
            });

            AssertEqual(expected.ToLevels(), measured.Levels);
            Assert.Null(measured.Sentence);
            Assert.Null(measured.DamagedFrom);
            Assert.Equal(1.0, told.Max());
            Assert.True(told.Count > 2 && told.Min() < 1);
            told.Clear();
        }
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(36u, 0u)]
    [InlineData(0x7FFF_F024u, 0x7FFF_F000u)]
    [InlineData(0x8000_0024u, 0x8000_0000u)]
    [InlineData(0u, 400u)]
    [InlineData(36u, 4_096u)]
    public void A_header_that_was_never_finished_is_measured_over_what_is_there(uint riff, uint data)
    {
        var file = WavBytes.File(WavBytes.Pcm, 8_000, 1, 16, Noise(40_001 & ~1));

        var measured = Measure(WavBytes.WithSizes(file, riff, data));

        AssertEqual(Measure(file).Levels, measured.Levels);
        Assert.Equal(20_000, measured.Levels!.Samples);
        Assert.Null(measured.Sentence);
        Assert.Null(measured.DamagedFrom);
    }

    [Fact]
    public void A_file_whose_end_is_missing_is_measured_as_far_as_it_goes_and_says_so()
    {
        var file = WavBytes.File(WavBytes.Pcm, 8_000, 2, 16, Noise(32_000 * 3));

        var measured = Measure(file.AsSpan(0, 44 + (4 * 12_345) + 3).ToArray());

        Assert.Equal(12_345, measured.Levels!.Samples);
        Assert.Equal(16, measured.Levels.Rms.Length);
        Assert.Equal(12_345 / 8_000.0, measured.DamagedFrom);
        Assert.Equal("Its end is missing: 1.5 s that its header tells of are not there.", measured.Sentence);
    }

    [Fact]
    public void A_file_that_becomes_shorter_while_it_is_measured_gives_what_could_be_read()
    {
        var file = WavBytes.File(WavBytes.Pcm, 48_000, 2, 16, Noise(12_500_000));
        var path = _directory.File("a.wav");
        File.WriteAllBytes(path, file);
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(handle, 10_000_044);

        foreach (var cores in (int[])[1, 3])
        {
            var measured = WavMeasurer.Measure(handle, file.Length, cores, null, TestContext.Current.CancellationToken);

            Assert.Equal(2_500_000, measured.Levels!.Samples);
            Assert.Equal(2_500_000 / 48_000.0, measured.DamagedFrom);
            Assert.Equal("It could not be read beyond 52.1 s: it has become shorter meanwhile.", measured.Sentence);
            AssertEqual(Measure(WavBytes.File(WavBytes.Pcm, 48_000, 2, 16, file.AsSpan(44, 10_000_000))).Levels, measured.Levels);
        }
    }

    [Fact]
    public void A_header_that_tells_of_what_came_after_the_length_was_asked_for_is_no_damage()
    {
        var file = WavBytes.File(WavBytes.Pcm, 8_000, 1, 16, Noise(16_000));
        var path = _directory.File("a.wav");
        File.WriteAllBytes(path, file);
        using var handle = File.OpenHandle(path);

        var measured = WavMeasurer.Measure(handle, 8_044, 1, null, TestContext.Current.CancellationToken);

        Assert.Equal((4_000, (string?)null, (double?)null), (measured.Levels!.Samples, measured.Sentence, measured.DamagedFrom));
    }

    [Fact]
    public void Chunks_of_any_length_before_and_behind_are_no_sound()
    {
        var (format, data) = (WavBytes.Format(WavBytes.Pcm, 8_000, 1, 8), WavBytes.Chunk("data", Noise(1_601)));
        byte[] file = WavBytes.Riff([.. WavBytes.Chunk("JUNK", new byte[29]), .. WavBytes.Chunk("odd ", new byte[3]), .. WavBytes.Chunk("fmt ", [.. format, 0, 0]), .. data, .. WavBytes.Chunk("LIST", new byte[200])]);

        AssertEqual(Measure(WavBytes.File(WavBytes.Pcm, 8_000, 1, 8, Noise(1_601))).Levels, Measure(file).Levels);
        Assert.Equal(1_601, Measure(file).Levels!.Samples);
    }

    [Theory]
    [InlineData(WavBytes.Pcm, 32, 24)]
    [InlineData(WavBytes.Pcm, 24, 20)]
    [InlineData(WavBytes.Float, 32, 32)]
    [InlineData(WavBytes.Pcm, 16, 12)]
    public void Bits_that_do_not_fill_their_sample_are_its_upper_ones(int tag, int bits, int validBits)
    {
        var data = Noise(bits / 8 * 8_000);
        var expected = Measure(WavBytes.File(tag, 8_000, 1, bits, data)).Levels;

        AssertEqual(expected, Measure(WavBytes.Riff([.. WavBytes.Chunk("fmt ", WavBytes.Extensible(tag, 8_000, 1, bits, validBits)), .. WavBytes.Chunk("data", data)])).Levels);
        if (validBits is 20 or 12)
        {
            AssertEqual(expected, Measure(WavBytes.File(tag, 8_000, 1, validBits, data)).Levels);
        }
    }

    [Fact]
    public void What_cannot_be_measured_is_answered_by_a_sentence()
    {
        byte[] Of(byte[] format) => WavBytes.Riff([.. WavBytes.Chunk("fmt ", format), .. WavBytes.Chunk("data", new byte[800])]);

        Assert.Equal("It is no WAV file.", Measure([]).Sentence);
        Assert.Equal("It is no WAV file.", Measure(Noise(5_000)).Sentence);
        Assert.Equal("It is a WAV file of a kind that is not known here (format tag 0x11, 4 bits).", Measure(Of(WavBytes.Format(0x11, 8_000, 1, 4))).Sentence);
        Assert.Equal("It is a WAV file of a kind that is not known here (format tag 0x01, 40 bits).", Measure(Of(WavBytes.Format(1, 8_000, 1, 40))).Sentence);
        Assert.Equal("Its header gives a sample rate of 0 Hz.", Measure(Of(WavBytes.Format(1, 0, 1, 16))).Sentence);
        Assert.Equal("Its header gives no channels.", Measure(Of(WavBytes.Format(1, 8_000, 0, 16))).Sentence);
        Assert.Equal("Its header gives 3 bytes to 2 samples of 16 bits each.", Measure(Of(WavBytes.Format(1, 8_000, 2, 16, 3))).Sentence);
        Assert.Equal("It has 257 channels; more than 256 are not measured.", Measure(Of(WavBytes.Format(1, 8_000, 257, 16))).Sentence);
        Assert.Equal("Its format chunk has 14 bytes, not 16 at least.", Measure(Of(WavBytes.Format(1, 8_000, 2, 16)[..14])).Sentence);
        Assert.Equal("It has no chunk that gives its format before its data.", Measure(WavBytes.Riff(WavBytes.Chunk("data", new byte[800]))).Sentence);
        Assert.Equal("It is a WAV file that ends before its first sample.", Measure(WavBytes.Riff(WavBytes.Chunk("fmt ", WavBytes.Format(1, 8_000, 2, 16)))).Sentence);
    }

    [Fact]
    public void A_window_for_each_of_a_great_many_samples_is_not_measured()
    {
        var path = _directory.File("a.wav");
        File.WriteAllBytes(path, WavBytes.WithSizes(WavBytes.File(WavBytes.Pcm, 5, 1, 8, []), 0, 0));
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.SetLength(handle, 3_000_000_044);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var measured = WavMeasurer.Measure(handle, 3_000_000_044, 1, null, TestContext.Current.CancellationToken);

        Assert.Equal("Its 3000000000 samples of 1 channels at 5 Hz make more levels than are kept.", measured.Sentence);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_file_without_a_sample_has_levels_of_nothing()
    {
        var measured = Measure(WavBytes.File(WavBytes.Pcm, 8_000, 1, 16, []));

        Assert.Equal((0, 0), (measured.Levels!.Samples, measured.Levels.Rms.Length));
        Assert.Null(measured.Sentence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void It_stops_when_it_is_told_to(int cores)
    {
        using var stop = new CancellationTokenSource();
        var path = _directory.File("a.wav");
        File.WriteAllBytes(path, WavBytes.File(WavBytes.Pcm, 48_000, 2, 16, new byte[13_000_000]));
        using var handle = File.OpenHandle(path);

        Assert.ThrowsAny<OperationCanceledException>(() => WavMeasurer.Measure(handle, 13_000_044, cores, _ => stop.Cancel(), stop.Token));
    }

    private static void AssertEqual(RecordingLevels? expected, RecordingLevels? actual)
    {
        Assert.NotNull(expected);
        Assert.NotNull(actual);
        Assert.Equal((expected.SampleRate, expected.Channels, expected.WindowSamples, expected.Samples), (actual.SampleRate, actual.Channels, actual.WindowSamples, actual.Samples));
        Assert.Equal(expected.Rms.ToArray(), actual.Rms.ToArray());
        Assert.Equal(expected.Minimum.ToArray(), actual.Minimum.ToArray());
        Assert.Equal(expected.Maximum.ToArray(), actual.Maximum.ToArray());
        Assert.Equal(expected.Clipped.ToArray(), actual.Clipped.ToArray());
        Assert.Equal(expected.Peaks.Select(p => p.ToArray()), actual.Peaks.Select(p => p.ToArray()));
    }

    // Channels that are not alike.
    private static string Channels(int count) => $"[0:a]pan={count}c|{string.Join('|', Enumerable.Range(0, count).Select(c => $"c{c}={1.9 / (c + 1):0.000}*c0"))}";

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(5).NextBytes(noise);
        return noise;
    }

    private MeasuredFile Measure(byte[] file, int cores = 2, Action<double>? progress = null)
    {
        var path = _directory.File("measured.wav");
        File.WriteAllBytes(path, file);
        using var handle = File.OpenHandle(path);
        return WavMeasurer.Measure(handle, file.Length, cores, progress, TestContext.Current.CancellationToken);
    }

    private static async Task AssertMeasuredAsDecoded(string path, int rate, int channels)
    {
        var decoded = await Processes.CheckAsync("ffmpeg", ["-v", "error", "-nostdin", "-i", path, "-f", "f64le", "-c:a", "pcm_f64le", "pipe:1"]);
        var samples = MemoryMarshal.Cast<byte, double>(decoded.Output).ToArray();
        using var handle = File.OpenHandle(path);
        var measured = WavMeasurer.Measure(handle, RandomAccess.GetLength(handle), 2, null, TestContext.Current.CancellationToken);

        Assert.Null(measured.Sentence);
        var levels = measured.Levels!;
        Assert.Equal((rate, channels, rate / 10, (long)samples.Length / channels), (levels.SampleRate, levels.Channels, levels.WindowSamples, levels.Samples));
        var windows = samples.Chunk(channels).Chunk(rate / 10).ToList();
        Assert.Equal(windows.Count, levels.Rms.Length);
        foreach (var (i, window) in windows.Index())
        {
            var rms = Math.Sqrt(window.Average(moment => Math.Pow(moment.Average(), 2))) * 1e5;
            Assert.InRange(levels.Rms.Span[i], rms - 0.501, rms + 0.501);
            Assert.Equal(Math.Max(-32_768, Math.Floor(window.Min(m => m.Min()) * 32_768)), levels.Minimum.Span[i]);
            Assert.Equal(Math.Min(32_767, Math.Ceiling(window.Max(m => m.Max()) * 32_768)), levels.Maximum.Span[i]);
            for (var channel = 0; channel < channels; channel++)
            {
                Assert.Equal(Math.Min(65_535, Math.Ceiling(window.Max(m => Math.Abs(m[channel])) * 32_768)), levels.Peaks[channel].Span[i]);
            }
        }

        Assert.Contains(levels.Rms.ToArray(), rms => rms > 1_000);
    }
}
