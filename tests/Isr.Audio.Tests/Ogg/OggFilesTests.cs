using System.Runtime.InteropServices;
using Isr.Audio.Ogg;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Ogg;

/// <summary>Files cut out of Ogg streams: valid each by itself, and together the stream.</summary>
public sealed class OggFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>The first few show each kind of stream; the rest, with ISR_CAMPAIGN=full, are more of the same.</summary>
    private static int Cases => Environment.GetEnvironmentVariable("ISR_CAMPAIGN") == "full" ? int.MaxValue : 3;

    public static TheoryData<string, int, int, string> Vorbis => new(new[]
    {
        ("ogg", 44100, 2, "-q:a 4"),
        ("ogg", 8000, 1, "-q:a 1"),
        ("ogg", 22050, 2, "-q:a 9"),
        ("ogg", 48000, 1, "-q:a 0"),
    }.Take(Cases));

    public static TheoryData<int, string> Opus => new(new[]
    {
        (2, "-b:a 96k"),
        (2, "-b:a 64k -frame_duration 2.5"),
        (1, "-b:a 16k -frame_duration 60"),
        (1, "-b:a 24k -application voip"),
    }.Take(Cases));

    public static TheoryData<int, int, string> Flac => new(new[]
    {
        (44100, 2, "-sample_fmt s16"),
        (8000, 1, "-sample_fmt s16"),
        (96000, 4, "-sample_fmt s32 -bits_per_raw_sample 24"),
        (48000, 2, "-sample_fmt s32 -bits_per_raw_sample 24"),
        (48000, 6, "-sample_fmt s16 -frame_size 1152"),
        (32000, 8, "-sample_fmt s16 -frame_size 1152"),
    }.Take(Cases));

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Vorbis))]
    public void Vorbis_files_decoded_and_joined_are_the_stream_sample_for_sample(string extension, int sampleRate, int channels, string options)
    {
        var stream = EncodedAudio.Vorbis(sampleRate, channels, 9, options.Split(' '));
        var frames = ReadFrame.All(new OggFrameReader(), stream);

        var files = StreamFiles.Make(frames, CutAt(frames.Count));

        Assert.Equal(6, files.Count);
        Assert.Equal(9 * sampleRate, files.Sum(file => file.Samples));
        var paths = Write(files);
        var decoded = Decode([_directory.Write($"stream.{extension}", stream), .. paths]);
        Assert.All(files.Zip(decoded[1..]), pair => Assert.Equal(pair.First.Samples * channels, pair.Second.Length));
        AssertSame(decoded[0], decoded[1..], channels, 0);
        Assert.All(paths, path =>
        {
            AssertSilent("oggz-validate", path);
            AssertNoWarning("ogginfo", path);
            AssertSilent("oggdec", "-Q", "-o", "/dev/null", path);
        });
    }

    [Theory]
    [MemberData(nameof(Opus))]
    public void Opus_files_decoded_and_joined_are_the_stream(int channels, string options)
    {
        var stream = EncodedAudio.Opus(48000, channels, 9, options.Split(' '));
        var frames = ReadFrame.All(new OggFrameReader(), stream);

        var files = StreamFiles.Make(frames, CutAt(frames.Count));

        Assert.Equal(6, files.Count);
        Assert.Equal(9 * 48000, files.Sum(file => file.Samples));
        var paths = Write(files);
        var decoded = Decode([_directory.Write("stream.opus", stream), .. paths]);
        Assert.All(files.Zip(decoded[1..]), pair => Assert.Equal(pair.First.Samples * channels, pair.Second.Length));
        AssertSame(decoded[0], decoded[1..], channels, 1f / 32768);
        Assert.All(paths, path =>
        {
            AssertSilent("oggz-validate", path);
            AssertNoWarning("opusinfo", path);
            AssertSilent("opusdec", "--quiet", path, "/dev/null");
        });
    }

    [Theory]
    [MemberData(nameof(Flac))]
    public void Ogg_FLAC_files_decoded_and_joined_are_the_stream_sample_for_sample(int sampleRate, int channels, string options)
    {
        var stream = EncodedAudio.OggFlac(sampleRate, channels, 10, options.Split(' '));
        var frames = ReadFrame.All(new OggFrameReader(), stream);
        var whole = Decode(_directory.Write("stream.ogg", stream))[0];

        var files = StreamFiles.Make(frames, CutAt(frames.Count));

        Assert.Equal(6, files.Count);
        AssertFlacFiles(whole, files, channels);
    }

    [Fact]
    public void The_links_of_an_Ogg_FLAC_stream_are_merged_across_the_short_block_at_their_end()
    {
        var link = EncodedAudio.OggFlac(44100, 2, 5);
        var stream = (byte[])[.. link, .. link, .. EncodedAudio.OggFlac(44100, 2, 10)];
        var frames = ReadFrame.All(new OggFrameReader(), stream);

        var files = StreamFiles.Make(frames, number => number == 75);

        Assert.Equal(2, files.Count);
        Assert.Equal(20 * 44100, files.Sum(file => file.Samples));
        var decoded = Decode(_directory.Write("link.ogg", link), _directory.Write("last.ogg", EncodedAudio.OggFlac(44100, 2, 10)));
        AssertFlacFiles([.. decoded[0], .. decoded[0], .. decoded[1]], files, 2);
    }

    private void AssertFlacFiles(float[] whole, List<MadeFile> files, int channels)
    {
        var paths = Write(files);
        var decoded = Decode([.. paths]);
        Assert.All(files.Zip(decoded), pair => Assert.Equal(pair.First.Samples * channels, pair.Second.Length));
        AssertSame(whole, decoded, channels, 0);
        Assert.All(paths, path =>
        {
            AssertSilent("oggz-validate", path);
            AssertFlacDecodes(path);
            AssertNoWarning("ogginfo", path);
        });
    }

    private static Func<int, bool> CutAt(int count)
    {
        int[] cuts = [count / 5, (count / 5) + 2, (count / 5) + 5, (count / 5) + 12, count * 3 / 4];
        return cuts.Contains;
    }

    private List<string> Write(List<MadeFile> files) =>
        [.. files.Select((file, i) => _directory.Write($"part{i}{file.Extension}", file.Bytes))];

    /// <summary>Each file, without a warning.</summary>
    private static List<float[]> Decode(params string[] paths) =>
        Ffmpeg.Decode(paths, "f32le", "warning").ConvertAll(bytes => MemoryMarshal.Cast<byte, float>(bytes).ToArray());

    private static void AssertSame(float[] whole, IEnumerable<float[]> parts, int channels, float tolerance)
    {
        var (at, joined, differing) = (0, 0, 0);
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Length && at < whole.Length; i++, at++)
            {
                differing += Math.Abs(whole[at] - part[i]) <= tolerance ? 0 : 1;
            }

            joined += part.Length;
        }

        Assert.True(joined == whole.Length && differing == 0, $"{joined / channels} of {whole.Length / channels} samples, {differing} values differ.");
    }

    private static void AssertSilent(string program, params string[] arguments)
    {
        var result = Tool.Run(program, arguments);
        Assert.True(result.ExitCode == 0 && result.Errors.Length == 0, $"{program}: {result.ExitCode} {result.Errors}");
    }

    // The MD5 of a part of a stream is not known.
    private static void AssertFlacDecodes(string path)
    {
        var result = Tool.Run("flac", "--ogg", "-t", "-s", path);
        Assert.True(result.ExitCode == 0 && result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line => line.Contains("MD5", StringComparison.Ordinal)), result.Errors);
    }

    private static void AssertNoWarning(string program, string path)
    {
        var result = Tool.Run(program, path);
        var said = System.Text.Encoding.UTF8.GetString(result.Output) + result.Errors;
        Assert.True(result.ExitCode == 0 && !said.Contains("WARN", StringComparison.Ordinal) && !said.Contains("ERR", StringComparison.Ordinal), said);
    }
}
