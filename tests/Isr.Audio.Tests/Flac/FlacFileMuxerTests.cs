using System.Buffers;
using System.Text;
using Isr.Audio.Flac;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Flac;

public sealed class FlacFileMuxerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, int, int, string> Encodings => new()
    {
        { "ffmpeg", 44100, 2, "-sample_fmt s16" },
        { "ffmpeg", 48000, 1, "-sample_fmt s32 -bits_per_raw_sample 24" },
        { "ffmpeg", 8000, 1, "-sample_fmt s16 -frame_size 16" },
        { "ffmpeg", 192000, 2, "-sample_fmt s32" },
        { "ffmpeg", 48000, 6, "-sample_fmt s16 -compression_level 12" },
        { "flac", 44100, 2, "-8" },
        { "flac", 44100, 2, "-0 -b 192" },
        { "flac", 96000, 8, "-5 -b 1024 --lax" },
        { "flac", 22050, 1, "-3 -b 16384 --lax" },
        { "flac", 11025, 3, "-5 --channel-map=none --padding=4096 --tag=TITLE=Lied" },
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Files_decoded_and_joined_are_the_stream_sample_for_sample(string encoder, int sampleRate, int channels, string options)
    {
        var file = Encode(encoder, sampleRate, channels, options.Split(' '));
        var frames = FlacStreams.Frames(file);

        AssertJoined(_directory.Write("whole.flac", file), frames, frames.Count / 4, (frames.Count / 4) + 1, frames.Count / 2);
    }

    [Fact]
    public void Blocks_of_any_size_are_cut_anywhere_where_samples_are_numbered()
    {
        string[] sizes = ["192", "4608", "576", "1024", "4096"];
        var blocks = sizes.SelectMany(size => FlacStreams.Frames(
            EncodedAudio.Flac(44100, 2, 1, "-sample_fmt", "s16", "-frame_size", size))).ToList();
        var frames = FlacStreams.Frames(FlacStreams.Renumbered(blocks, 1_000_000, isVariable: true));
        var whole = _directory.Write("whole.flac", Assert.Single(FlacStreams.Cut(frames)));

        Assert.Equal(5 * 44100 * 8, FlacStreams.Libflac(whole).Length * 2);
        AssertJoined(whole, frames, 3, 230, 231, frames.Count - 1);
    }

    [Fact]
    public void A_short_block_in_the_middle_makes_two_files_that_are_the_stream()
    {
        var one = EncodedAudio.Flac(44100, 2, 1, "-sample_fmt", "s16");
        var all = FlacStreams.Frames(one).Concat(FlacStreams.Frames(one)).ToList();
        var frames = FlacStreams.Frames(FlacStreams.Renumbered(all, 0, isVariable: false));

        var files = FlacStreams.Cut(frames).Select((file, i) => _directory.Write($"part{i}.flac", file)).ToList();

        var decoded = FlacStreams.DecodedClean([_directory.Write("one.flac", one), .. files]);
        Assert.Equal(2, files.Count);
        Assert.All(decoded[1..], file => Assert.True(decoded[0].AsSpan().SequenceEqual(file)));
    }

    [Fact]
    public void A_stream_without_metadata_entered_anywhere_makes_whole_files()
    {
        var file = Encode("flac", 44100, 2, ["-5"]);
        var whole = Assert.Single(FlacStreams.Decoded(_directory.Write("whole.flac", file)));
        foreach (var entry in (int[])[100, 5000, 77_777, 200_001])
        {
            var frames = FlacStreams.Frames(file.AsSpan(entry));
            var parts = FlacStreams.Cut(frames, 7).Select((part, i) => _directory.Write($"part{i}.flac", part)).ToList();

            byte[] joined = [.. FlacStreams.DecodedClean(parts).SelectMany(part => part)];
            Assert.True(joined.Length > 0 && whole.AsSpan().EndsWith(joined));
        }
    }

    [Fact]
    public void A_file_can_be_entered_anywhere()
    {
        var file = Encode("ffmpeg", 44100, 2, ["-sample_fmt", "s16"]);
        foreach (var isVariable in (bool[])[false, true])
        {
            var frames = FlacStreams.Frames(FlacStreams.Renumbered(FlacStreams.Frames(file), 500, isVariable));
            var part = _directory.Write("part.flac", FlacStreams.Cut(frames, 10)[1]);
            var samples = FlacStreams.Libflac(part);
            foreach (var skip in (int[])[1, 5000, 44100, 60_000])
            {
                Assert.True(samples.AsSpan(4 * skip).SequenceEqual(FlacStreams.Libflac(part, $"--skip={skip}")));
            }
        }
    }

    [Fact]
    public void A_growing_file_with_its_header_of_the_moment_is_a_whole_file()
    {
        var frames = FlacStreams.Frames(FlacStreams.Stereo);
        var muxer = new FlacFileMuxer(frames[0].Format);
        var file = new ArrayBufferWriter<byte>();
        frames.Take(5).ToList().ForEach(frame => muxer.Observe(frame.Borrow()));
        muxer.Begin(FlacStreams.Facts, frames[5].Borrow(), file);

        for (var written = 0; written < 12;)
        {
            for (var end = written + 4; written < end; written++)
            {
                muxer.Write(frames[5 + written].Borrow(), file);
            }

            var growing = FlacStreams.WithHeader(muxer, file.WrittenSpan);
            FlacStreams.DecodedClean(_directory.Write("growing.flac", growing));
            Assert.True(FlacFileInfo.TryRead(growing, out var info));
            Assert.Equal(written * frames[0].Samples, info.Samples);
        }
    }

    [Fact]
    public void A_file_of_one_short_frame_is_a_file()
    {
        var frames = FlacStreams.Frames(EncodedAudio.Flac(44100, 1, 1, "-sample_fmt", "s16", "-frame_size", "4410"));
        var last = FlacStreams.Frames(EncodedAudio.Flac(44100, 1, 1, "-sample_fmt", "s16", "-frame_size", "4409"))[^1];
        Assert.Equal(10, last.Samples);
        foreach (var frame in (ReadFrame[])[frames[3], last])
        {
            var path = _directory.Write("one.flac", FlacStreams.Cut([frame])[0]);

            Assert.Equal(2 * frame.Samples, FlacStreams.Libflac(path).Length);
            Assert.Equal(4 * frame.Samples, FlacStreams.Decoded(path)[0].Length);
            Assert.Equal(0, Tool.Run("flac", "-t", "-s", path).ExitCode);
        }
    }

    [Fact]
    public void Tags_and_pictures_of_the_stream_are_in_every_file_with_source_and_start()
    {
        var picture = _directory.Write("cover.png", Tool.Output(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=640x480:d=0.1", "-frames:v", "1", "-f", "image2pipe", "-c:v", "png", "-"));
        var file = Encode("flac", 44100, 2, ["-5", "--tag=TITLE=Ein Lied", "--tag=ARTIST=Wer", "--tag=ISR_SOURCE=früher", $"--picture={picture}"]);

        var parts = FlacStreams.Cut(FlacStreams.Frames(file), 10);

        Assert.Equal(2, parts.Count);
        foreach (var part in parts)
        {
            var path = _directory.Write("part.flac", part);
            var tags = Encoding.UTF8.GetString(Tool.Output("metaflac", "--no-utf8-convert", "--export-tags-to=-", path));
            Assert.Equal(
                "TITLE=Ein Lied\nARTIST=Wer\nISR_SOURCE=Bayern 2 – Süd\nISR_START=2024-05-17T06:00:00.000Z\n", tags);
            Assert.Equal(File.ReadAllBytes(picture), Tool.Output("metaflac", "--export-picture-to=-", path));
            Assert.Equal(3, Encoding.UTF8.GetString(Tool.Output("metaflac", "--list", path)).Split("METADATA block").Length - 1);
            FlacStreams.DecodedClean(path);
        }
    }

    [Fact]
    public void The_header_counts_what_is_there()
    {
        var frames = FlacStreams.Frames(FlacStreams.Stereo);

        foreach (var file in FlacStreams.Cut(frames, 10))
        {
            Assert.True(FlacStreamInfo.TryRead(file.AsSpan(8), out var info));
            var own = FlacStreams.Frames(file);
            Assert.Equal(own.Sum(frame => frame.Samples), info.TotalSamples);
            Assert.Equal((own[0].Samples, own[0].Samples), (info.MinBlock, info.MaxBlock));
            Assert.Equal(
                (own.Min(frame => frame.Data.Length), own.Max(frame => frame.Data.Length)), (info.MinFrame, info.MaxFrame));
            Assert.Equal((44100, 2, 16), (info.SampleRate, info.Channels, info.BitsPerSample));
            Assert.Equal(Enumerable.Range(0, own.Count), own.Select(frame => (int)FlacStreams.Header(frame).Number));
        }
    }

    [Fact]
    public void Nothing_is_allocated_per_frame()
    {
        var frames = FlacStreams.Frames(FlacStreams.Stereo);
        var muxer = new FlacFileMuxer(frames[0].Format);
        var file = new ArrayBufferWriter<byte>(4_000_000);
        muxer.Begin(FlacStreams.Facts, frames[0].Borrow(), file);
        muxer.Write(frames[0].Borrow(), file);
        var header = new byte[muxer.MaxHeaderBytes];

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 1; i < frames.Count; i++)
        {
            muxer.Write(frames[i].Borrow(), file);
            muxer.GetHeader(header, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static byte[] Encode(string encoder, int sampleRate, int channels, string[] options) =>
        encoder == "ffmpeg"
            ? EncodedAudio.Flac(sampleRate, channels, 3, options)
            : EncodedAudio.FlacOf(EncodedAudio.Wav(sampleRate, channels, 3), options);

    private void AssertJoined(string whole, List<ReadFrame> frames, params int[] cuts)
    {
        var parts = FlacStreams.Cut(frames, cuts).Select((file, i) => _directory.Write($"part{i}.flac", file)).ToList();

        Assert.Equal(cuts.Distinct().Count() + 1, parts.Count);
        var decoded = FlacStreams.DecodedClean([whole, .. parts]);
        AssertJoined(decoded[0], decoded[1..]);
        AssertJoined(FlacStreams.Libflac(whole), parts.ConvertAll(part => FlacStreams.Libflac(part)));
    }

    private static void AssertJoined(ReadOnlySpan<byte> whole, List<byte[]> parts)
    {
        Assert.Equal(whole.Length, parts.Sum(part => part.Length));
        foreach (var part in parts)
        {
            Assert.True(whole.StartsWith(part));
            whole = whole[part.Length..];
        }
    }
}
