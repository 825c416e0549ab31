using Isr.Analysis;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis;

public sealed class FileMeasurerTests : IDisposable
{
    private const int Seconds = 7;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, string, int, int> Lossy => new()
    {
        { "mp3", "-c:a libmp3lame -b:a 64k", 44100, 2 }, { "mp3", "-c:a libmp3lame -q:a 4", 24000, 1 }, { "mp2", "-c:a mp2", 48000, 2 },
        { "aac", "-c:a aac -f adts", 48000, 2 }, { "aac", "-c:a aac -f adts", 16000, 1 },
        { "ogg", "-c:a libvorbis", 44100, 2 }, { "ogg", "-c:a libvorbis", 22050, 6 }, { "opus", "-c:a libopus", 48000, 2 }, { "opus", "-c:a libopus", 24000, 1 },
        { "wav", "-c:a adpcm_ima_wav", 44100, 2 }, { "wav", "-c:a pcm_mulaw", 8000, 1 },
    };

    public static TheoryData<string, int, int, int> Lossless => new()
    {
        { "s16 -compression_level 0", 44100, 2, 16 }, { "s16 -compression_level 5", 8000, 1, 16 }, { "s16 -compression_level 8", 48000, 2, 16 },
        { "s16 -compression_level 12 -frame_size 317", 22050, 3, 16 }, { "s32 -compression_level 3", 96000, 2, 24 }, { "s32 -compression_level 8", 48000, 8, 24 },
        { "s32 -compression_level 1 -bits_per_raw_sample 20", 44100, 1, 24 }, { "s16 -frame_size 16", 8000, 2, 16 }, { "s16 -frame_size 65535", 44100, 1, 16 },
    };

    [Theory]
    [MemberData(nameof(Lossy))]
    public async Task Levels_are_those_of_a_plain_decode(string extension, string codec, int rate, int channels)
    {
        var path = await MakeAsync(extension, codec, rate, channels);

        // Of a file it could cut off the padding at the end of an MP3, too.
        var plain = await Processes.CheckAsync("ffmpeg", ["-v", "error", "-i", "pipe:0", "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1"], File.ReadAllBytes(path));
        var coded = extension == "opus" ? 48000 : rate;

        var measured = FileMeasurer.Measure(Renamed(path), 2, null, Stop);

        Assert.Null(measured.Sentence);
        Same(Measure(plain.Output, coded, channels, SampleFormat.Real), measured.Levels);
    }

    [Theory]
    [MemberData(nameof(Lossless))]
    public async Task Levels_of_FLAC_are_exact_by_any_number_of_cores_and_parts(string codec, int rate, int channels, int bits)
    {
        var path = await MakeAsync("flac", $"-c:a flac -strict -2 -sample_fmt {codec}", rate, channels);
        var plain = await Processes.CheckAsync("ffmpeg", ["-v", "error", "-i", path, "-f", bits == 16 ? "s16le" : "s24le", "pipe:1"]);
        var expected = Measure(plain.Output, rate, channels, bits == 16 ? SampleFormat.S16 : SampleFormat.S24Packed);

        foreach (var (cores, part) in new[] { (1, 1 << 22), (2, 1 << 22), (2, 100_000), (3, 33_333), (8, 7_001), (2, 1_000) })
        {
            var progress = 0.0;
            var measured = Flac(path, cores, part, done => progress = Math.Max(progress, done));

            Assert.Equal((null, null), (measured.Sentence, measured.DamagedFrom));
            Same(expected, measured.Levels);
            Assert.InRange(progress, 0.5, 1);
        }
    }

    [Theory]
    [InlineData("--blocksize=4608 -8 -e -p")]
    [InlineData("-0 --lax --blocksize=1000")]
    [InlineData("-5 --picture")]
    public async Task Files_of_the_reference_encoder_are_exact(string arguments)
    {
        var wav = await MakeAsync("wav", "-c:a pcm_s16le", 44100, 2);
        var (path, picture) = (_directory.File("x.flac"), _directory.File("picture.jpg"));
        File.WriteAllBytes(picture, Noise(3_000_000, 4));
        string[] words = arguments.EndsWith("--picture", StringComparison.Ordinal) ? ["-5", $"--picture=3|image/jpeg||1x1x24|{picture}"] : arguments.Split(' ');
        await Processes.CheckAsync("flac", ["-s", "-f", .. words, "-o", path, wav]);
        var plain = await Processes.CheckAsync("flac", ["-s", "-d", "-c", "--force-raw-format", "--endian=little", "--sign=signed", path]);

        var expected = Measure(plain.Output, 44100, 2, SampleFormat.S16);
        Same(expected, FileMeasurer.Measure(path, 2, null, Stop).Levels);
        Same(expected, Flac(path, 3, 50_000).Levels);

        var tagged = _directory.File("tagged.mp3");
        byte[] tag = [.. "ID3\u0004\0\0\0\0\u0007\0"u8, .. new byte[7 << 7]];
        File.WriteAllBytes(tagged, [.. tag, .. File.ReadAllBytes(path), .. "TAG"u8, .. new byte[125]]);
        var measured = FileMeasurer.Measure(tagged, 2, null, Stop);
        Assert.Null(measured.DamagedFrom);
        Same(expected, measured.Levels);
    }

    [Fact]
    public async Task Ogg_FLAC_and_FLAC_without_a_head_or_total_are_exact()
    {
        var path = await MakeAsync("flac", "-c:a flac -sample_fmt s16", 48000, 2);
        var plain = await Processes.CheckAsync("ffmpeg", ["-v", "error", "-i", path, "-f", "s16le", "pipe:1"]);
        var expected = Measure(plain.Output, 48000, 2, SampleFormat.S16);
        var ogg = _directory.File("x.ogg");
        await Processes.CheckAsync("ffmpeg", ["-v", "error", "-i", path, "-c:a", "copy", ogg]);
        Same(expected, FileMeasurer.Measure(ogg, 2, null, Stop).Levels);

        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(21, 21).Clear();
        bytes[21] = 0xF0;
        var growing = _directory.File("growing");
        File.WriteAllBytes(growing, bytes);
        var measured = FileMeasurer.Measure(growing, 2, null, Stop);
        Assert.Null(measured.DamagedFrom);
        Same(expected, measured.Levels);

        var frames = bytes.AsSpan().IndexOf([(byte)0xFF, (byte)0xF8]);
        File.WriteAllBytes(growing, bytes[frames..]);
        Same(expected, FileMeasurer.Measure(growing, 2, null, Stop).Levels);
    }

    [Fact]
    public async Task A_hole_in_FLAC_is_silence_and_told_from_where_on()
    {
        var path = await MakeAsync("flac", "-c:a flac -sample_fmt s16", 48000, 2);
        var bytes = File.ReadAllBytes(path);
        var whole = Flac(path, 1, 1 << 22).Levels!;
        var middle = bytes.Length / 2;
        Noise(20_000, 3).CopyTo(bytes.AsSpan(middle));
        File.WriteAllBytes(path, bytes);

        var one = Flac(path, 1, 1 << 22);
        var many = Flac(path, 3, 20_000);

        Assert.Equal(whole.Samples, one.Levels!.Samples);
        Assert.InRange(one.DamagedFrom!.Value, Seconds * 0.3, Seconds * 0.7);
        Assert.NotNull(one.Sentence);
        Assert.Equal(one.DamagedFrom, many.DamagedFrom);
        Same(one.Levels, many.Levels);
        var (hole, last) = ((int)(one.DamagedFrom.Value * 10), whole.Rms.Length - 1);
        Assert.True(whole.Rms[..hole].Span.SequenceEqual(one.Levels.Rms[..hole].Span));
        Assert.Equal(whole.Rms.Span[last], one.Levels.Rms.Span[last]);

        File.WriteAllBytes(path, bytes[..middle]);
        var cut = Flac(path, 2, 20_000);
        Assert.Equal(cut.Levels!.Samples / 48000.0, cut.DamagedFrom);
        Assert.Equal("The file ends before its header says.", cut.Sentence);
    }

    [Theory]
    [InlineData("mp3", "-c:a libmp3lame -b:a 128k")]
    [InlineData("aac", "-c:a aac -f adts")]
    [InlineData("ogg", "-c:a libvorbis")]
    public async Task Damage_of_lossy_files_is_told(string extension, string codec)
    {
        var path = await MakeAsync(extension, codec, 44100, 2);
        var bytes = File.ReadAllBytes(path);
        Noise(5000, 9).CopyTo(bytes.AsSpan(bytes.Length / 2));
        File.WriteAllBytes(path, bytes);

        var measured = FileMeasurer.Measure(path, 2, null, Stop);

        Assert.NotNull(measured.Levels);
        Assert.InRange(measured.DamagedFrom!.Value, 0.2 * Seconds, 0.8 * Seconds);
        Assert.NotNull(measured.Sentence);
    }

    [Fact]
    public async Task What_is_no_recording_is_a_sentence()
    {
        var path = _directory.File("x.flac");
        Assert.StartsWith("It cannot be opened: ", FileMeasurer.Measure(path, 2, null, Stop).Sentence, StringComparison.Ordinal);
        await Processes.CheckAsync("mkfifo", [path]);
        Assert.StartsWith("It is no file", FileMeasurer.Measure(path, 2, null, Stop).Sentence, StringComparison.Ordinal);
        Assert.StartsWith("It is no file", FileMeasurer.Measure(_directory.Path, 2, null, Stop).Sentence, StringComparison.Ordinal);
        Assert.Equal("The file is empty.", FileMeasurer.Measure("/dev/zero", 2, null, Stop).Sentence);
        var other = _directory.File("y.mp3");
        foreach (var content in new[] { Noise(1_000_000, 1), new byte[1_000_000], "<html>"u8.ToArray(), "fLaC"u8.ToArray(), "OggS"u8.ToArray(), "RIFF\0\0\0\0WAVE"u8.ToArray() })
        {
            File.WriteAllBytes(other, content);
            var measured = FileMeasurer.Measure(other, 2, null, Stop);
            Assert.Null(measured.Levels);
            Assert.EndsWith(".", measured.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Mutated_and_truncated_files_never_throw()
    {
        var seed = Campaign.IsFull ? 2026 : Environment.TickCount;
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        (string Extension, string Codec, int Runs)[] kinds =
        [
            ("flac", "-c:a flac -sample_fmt s16", Campaign.IsFull ? 80_000 : 250), ("oga", "-c:a flac -f ogg", Campaign.IsFull ? 20_000 : 60),
            ("mp3", "-c:a libmp3lame", Campaign.IsFull ? 125 : 2), ("aac", "-c:a aac -f adts", Campaign.IsFull ? 125 : 2),
            ("ogg", "-c:a libvorbis", Campaign.IsFull ? 125 : 2), ("opus", "-c:a libopus", Campaign.IsFull ? 125 : 2),
        ];
        foreach (var (extension, codec, runs) in kinds)
        {
            var path = await MakeAsync(extension, codec, 48000, 2, 1);
            var original = File.ReadAllBytes(path);
            var before = 0L;
            for (var run = 0; run < runs; run++)
            {
                var bytes = Mutate(original, random);
                File.WriteAllBytes(path, bytes);
                var measured = extension == "flac" && bytes.AsSpan().StartsWith("fLaC"u8) ? Flac(path, 2, 20_000) : FileMeasurer.Measure(path, 2, null, Stop);
                Assert.True(measured.Levels is not null || measured.Sentence is not null, $"seed {seed}, {extension}, run {run}");
                before = run == runs / 10 ? Environment.WorkingSet : before;
            }

            Assert.True(Environment.WorkingSet - before < 300L << 20, $"{extension}: {(Environment.WorkingSet - before) >> 20} MB more");
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        for (var i = random.Next(1, 12); i > 0; i--)
        {
            switch (random.Next(5))
            {
                case 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[random.Next(Math.Min(bytes.Length, 60))] = (byte)random.Next(256);
                    break;
                case 2:
                    var (from, to, count) = (random.Next(bytes.Length), random.Next(bytes.Length), random.Next(2000));
                    count = Math.Min(count, bytes.Length - Math.Max(from, to));
                    bytes.AsSpan(from, count).ToArray().CopyTo(bytes.AsSpan(to));
                    break;
                case 3 when bytes.Length > 1000:
                    var cut = random.Next(bytes.Length - 500);
                    bytes = [.. bytes[..cut], .. bytes[(cut + random.Next(500))..]];
                    break;
                case 4 when bytes.Length > 1000 && random.Next(4) == 0:
                    bytes = bytes[..random.Next(1, bytes.Length)];
                    break;
            }
        }

        return bytes;
    }

    private static byte[] Noise(int length, int seed)
    {
        var noise = new byte[length];
        new Random(seed).NextBytes(noise);
        return noise;
    }

    private static MeasuredFile Flac(string path, int cores, int part, Action<double>? progress = null)
    {
        using var file = File.OpenHandle(path);
        return FlacMeasurer.Measure(file, RandomAccess.GetLength(file), cores, part, progress, Stop);
    }

    private static RecordingLevels Measure(byte[] samples, int rate, int channels, SampleFormat format)
    {
        var windows = new LevelWindows(rate, channels, format);
        windows.Add(samples);
        return windows.ToLevels();
    }

    private static void Same(RecordingLevels expected, RecordingLevels? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.SampleRate, expected.Channels, expected.Samples), (actual.SampleRate, actual.Channels, actual.Samples));
        Assert.True(expected.Rms.Span.SequenceEqual(actual.Rms.Span));
        Assert.True(expected.Minimum.Span.SequenceEqual(actual.Minimum.Span));
        Assert.True(expected.Maximum.Span.SequenceEqual(actual.Maximum.Span));
        Assert.True(expected.Clipped.Span.SequenceEqual(actual.Clipped.Span));
        for (var channel = 0; channel < expected.Channels; channel++)
        {
            Assert.True(expected.Peaks[channel].Span.SequenceEqual(actual.Peaks[channel].Span));
        }
    }

    /// <summary>The name says another kind than the bytes.</summary>
    private string Renamed(string path)
    {
        var renamed = _directory.File("renamed.txt");
        File.Copy(path, renamed, overwrite: true);
        return renamed;
    }

    private async Task<string> MakeAsync(string extension, string codec, int rate, int channels, int seconds = Seconds)
    {
        var path = _directory.File($"made.{extension}");
        var tones = string.Join('|', Enumerable.Range(0, channels).Select(i => $"0.{i + 1}*sin(2*PI*({150 + (70 * i)}*t+9*t*t))+0.1*(random({i})-0.5)"));
        string[] input = ["-v", "error", "-y", "-f", "lavfi", "-i", $"aevalsrc=exprs='{tones}':sample_rate={rate}:duration={seconds}.0137"];
        await Processes.CheckAsync("ffmpeg", [.. input, .. codec.Split(' '), path]);
        return path;
    }
}
