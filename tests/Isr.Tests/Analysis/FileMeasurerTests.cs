using Isr.Analysis;
using Isr.Audio.Levels;
using Isr.Audio.Pcm;
using Isr.Tests.Support;

namespace Isr.Tests.Analysis;

public sealed class FileMeasurerTests : IDisposable
{
    private const int Seconds = 3;

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
        { "s16 -frame_size 16", 8000, 2, 16 }, { "s16 -frame_size 65535", 44100, 1, 16 },
    };

    [Theory]
    [MemberData(nameof(Lossy))]
    public async Task Levels_are_those_of_a_plain_decode(string extension, string codec, int rate, int channels)
    {
        var path = await MakeAsync(extension, codec, rate, channels);

        var plain = await Processes.CheckAsync("ffmpeg", ["-v", "error", "-i", path, "-c:a", "pcm_f32le", "-f", "f32le", "pipe:1"]);
        var coded = extension == "opus" ? 48000 : rate;

        var measured = FileMeasurer.Measure(Renamed(path), 2, null, Stop);

        Assert.Null(measured.Sentence);
        Same(Measure(plain.Output, coded, channels, SampleFormat.Real), measured.Levels);
    }

    [Theory]
    [MemberData(nameof(Lossless))]
    public async Task Levels_of_FLAC_are_exact_by_any_number_of_cores_and_parts(string codec, int rate, int channels, int bits)
    {
        var sound = TestSound.Make(rate, channels, bits, Seconds);
        var path = _directory.File("made.flac");
        await sound.EncodeAsync(path, $"-c:a flac -strict -2 -sample_fmt {codec}");
        var expected = Measure(sound.Bytes(bits / 8), rate, channels, bits == 16 ? SampleFormat.S16 : SampleFormat.S24Packed);

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

    [Theory]
    [InlineData("-c:a libmp3lame -b:a 128k", 44100, 2)]
    [InlineData("-c:a libmp3lame -q:a 2 -id3v2_version 0", 16000, 1)]
    public async Task Padding_of_an_MP3_is_dropped_where_the_file_is_whole(string codec, int rate, int channels)
    {
        var path = await MakeAsync("mp3", codec, rate, channels);
        var bytes = File.ReadAllBytes(path);
        var samples = TestSound.Make(rate, channels, 16, Seconds + 0.0137).Samples.Length / channels;
        Assert.Equal(samples, FileMeasurer.Measure(path, 2, null, Stop).Levels!.Samples);

        File.WriteAllBytes(path, [.. bytes, .. bytes]);
        Assert.InRange(FileMeasurer.Measure(path, 2, null, Stop).Levels!.Samples, 2 * samples, (2 * samples) + 6000);

        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.InRange(FileMeasurer.Measure(path, 2, null, Stop).Levels!.Samples, samples / 4, samples * 3 / 4);
    }

    [Theory]
    [InlineData("ogg", "-c:a libvorbis")]
    [InlineData("opus", "-c:a libopus")]
    public async Task Chained_Ogg_is_measured_link_by_link(string extension, string codec)
    {
        var path = await MakeAsync(extension, codec, 48000, 2);
        var bytes = File.ReadAllBytes(path);
        var one = FileMeasurer.Measure(path, 2, null, Stop).Levels!.Samples;
        await TestSound.Make(48000, 2, 16, 1, 7).EncodeAsync(path, codec);
        File.WriteAllBytes(path, [.. bytes, .. File.ReadAllBytes(path)]);

        var measured = FileMeasurer.Measure(path, 2, null, Stop);

        Assert.InRange(measured.Levels!.Samples, one + 47000, one + 49000);
    }

    [Fact]
    public void A_file_in_a_folder_that_was_removed_cannot_be_opened()
    {
        var folder = Directory.CreateDirectory(_directory.File("folder")).FullName;
        Directory.Delete(folder);
        Assert.StartsWith("It cannot be opened: ", FileMeasurer.Measure(Path.Combine(folder, "x.flac"), 2, null, Stop).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_without_end_are_no_audio()
    {
        var path = _directory.File("tags.mp3");
        File.WriteAllBytes(path, [.. Enumerable.Repeat("ID3\u0004\0\0\0\0\0\0"u8.ToArray(), 50_000).SelectMany(tag => tag)]);
        Assert.Equal("It is no audio of a kind that is known here.", FileMeasurer.Measure(path, 2, null, Stop).Sentence);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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

    internal static void Same(RecordingLevels expected, RecordingLevels? actual)
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

    private async Task<string> MakeAsync(string extension, string codec, int rate, int channels)
    {
        var path = _directory.File($"made.{extension}");
        await TestSound.Make(rate, channels, 16, Seconds + 0.0137).EncodeAsync(path, codec);
        return path;
    }
}
