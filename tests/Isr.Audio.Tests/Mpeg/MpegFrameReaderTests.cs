using Isr.Audio.Mpeg;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Mpeg;

public sealed class MpegFrameReaderTests
{
    private static byte[] Stream128 => EncodedAudio.Mp3(44100, 2, 8, "-b:a", "128k");

    private static byte[] StreamV4 => EncodedAudio.Mp3(44100, 2, 8, "-q:a", "4");

    public static TheoryData<string, int, int, string> Encodings => new()
    {
        { "mp3", 44100, 2, "-b:a 128k" },
        { "mp3", 44100, 2, "-q:a 4" },
        { "mp3", 22050, 1, "-b:a 32k" },
        { "mp3", 11025, 2, "-b:a 48k" },
        { "mp2", 48000, 2, "-b:a 384k" },
        { "mp2", 16000, 1, "-b:a 64k" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Every_byte_of_a_known_stream_is_in_a_frame_and_every_frame_is_one_that_ffprobe_sees(
        string codec, int sampleRate, int channels, string options)
    {
        var stream = Encode(codec, sampleRate, channels, options);
        var reader = new MpegFrameReader();

        var frames = ReadFrame.All(reader, stream);

        Assert.Equal(stream, ReadFrame.Join(frames));
        Assert.Equal(0, reader.SkippedBytes);
        Assert.Equal(PacketSizes(stream), frames.Select(frame => frame.Data.Length));
        var expected = new AudioFormat(IsMp2(codec) ? AudioCodec.MpegLayer2 : AudioCodec.MpegLayer3, sampleRate, channels);
        Assert.All(frames, frame => Assert.Equal(expected, frame.Format));
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Fragments_of_any_size_give_the_same_frames(string codec, int sampleRate, int channels, string options) =>
        FrameReaderContract.Reads_the_same_in_fragments(() => new MpegFrameReader(), Encode(codec, sampleRate, channels, options));

    [Fact]
    public void Garbage_is_skipped() => FrameReaderContract.Skips_garbage(() => new MpegFrameReader(), StreamV4);

    [Fact]
    public void A_stream_may_end_anywhere() =>
        FrameReaderContract.Gives_whole_frames_of_a_stream_that_ends_anywhere(() => new MpegFrameReader(), Stream128, 2200);

    [Fact]
    public void Hostile_bytes_are_skipped_or_framed_in_bounded_time() =>
        FrameReaderContract.Survives_hostile_bytes(() => new MpegFrameReader(), StreamV4, [0xFF, 0xFB, 0x14, 0x00, 0xFF, 0xFB]);

    [Fact]
    public void Nothing_is_allocated_per_frame() => FrameReaderContract.Does_not_allocate(new MpegFrameReader(), StreamV4);

    [Fact]
    public void A_stream_entered_anywhere_gives_its_next_whole_frame()
    {
        var frames = ReadFrame.All(new MpegFrameReader(), StreamV4);
        for (var entry = 1; entry < 2000; entry += 13)
        {
            var passed = 0;
            var expected = frames.SkipWhile(frame => (passed += frame.Data.Length) < entry + frame.Data.Length).Take(20).ToList();
            ReadFrame.AssertEqual(expected, [.. ReadFrame.All(new MpegFrameReader(), StreamV4.AsSpan(entry)).Take(20)]);
        }
    }

    [Theory]
    [InlineData(44100, 2, "-b:a 192k")]
    [InlineData(44100, 1, "-b:a 128k")]
    [InlineData(48000, 2, "-b:a 128k")]
    [InlineData(22050, 2, "-b:a 64k")]
    public void An_encoder_switched_in_the_middle_of_a_frame_costs_that_half_frame_alone(int sampleRate, int channels, string options)
    {
        var before = ReadFrame.All(new MpegFrameReader(), Stream128).Take(30).ToList();
        var after = ReadFrame.All(new MpegFrameReader(), Encode("mp3", sampleRate, channels, options)).Take(30).ToList();

        // With less than a header of it, the frame before has no successor to vouch for it.
        for (var half = 4; half < before[^1].Data.Length; half += 9)
        {
            byte[] stream = [.. ReadFrame.Join(before.SkipLast(1)), .. before[^1].Data.AsSpan(0, half), .. ReadFrame.Join(after)];
            var reader = new MpegFrameReader();

            ReadFrame.AssertEqual([.. before.SkipLast(1), .. after], ReadFrame.All(reader, stream));
            Assert.Equal(half, reader.SkippedBytes);
        }
    }

    [Fact]
    public void An_encoder_switched_between_frames_costs_nothing()
    {
        var before = ReadFrame.All(new MpegFrameReader(), Stream128);
        var after = ReadFrame.All(new MpegFrameReader(), Encode("mp3", 48000, 2, "-b:a 64k"));
        byte[] stream = [.. Stream128, .. ReadFrame.Join(after)];

        var read = ReadFrame.InFragments(new MpegFrameReader(), stream, FrameReaderContract.Seeded(), longest: 1000);

        ReadFrame.AssertEqual([.. before, .. after], read);
    }

    [Fact]
    public void Tags_in_the_middle_are_skipped_and_cost_no_frame()
    {
        var frames = ReadFrame.All(new MpegFrameReader(), Stream128);
        var picture = new byte[5000];
        FrameReaderContract.Seeded().NextBytes(picture);
        byte[] id3 = [.. "ID3\x04\0\0\0\0"u8, 0x27, 8, .. picture];
        byte[] stream =
        [
            .. id3, .. ReadFrame.Join(frames.Take(50)),
            .. "TAG"u8, .. new byte[125], .. id3, .. ReadFrame.Join(frames.Skip(50).Take(50)),
            .. "APETAGEX"u8, .. picture.AsSpan(0, 300), .. ReadFrame.Join(frames.Skip(100)),
            .. "TAG"u8, .. new byte[125],
        ];

        ReadFrame.AssertEqual(frames, ReadFrame.All(new MpegFrameReader(), stream));
    }

    [Theory]
    [InlineData(44100, 2, "-q:a 4")]
    [InlineData(22050, 1, "-b:a 48k")]
    public void The_info_frame_of_a_file_that_became_a_stream_is_no_audio(int sampleRate, int channels, string options)
    {
        var file = EncodedAudio.Mp3WithInfoFrame(sampleRate, channels, 3, options.Split(' '));
        var reader = new MpegFrameReader();

        var frames = ReadFrame.All(reader, file);

        var infoFrame = file.Length - frames.Sum(frame => frame.Data.Length);
        Assert.Equal(reader.SkippedBytes, infoFrame);
        Assert.True(file.AsSpan(0, infoFrame).IndexOf(options[1] == 'q' ? "Xing"u8 : "Info"u8) > 0);
        Assert.True(MpegFileInfo.TryRead(file, file.Length, out var info) && !info.IsEstimate);
    }

    [Fact]
    public void A_VBRI_frame_is_no_audio()
    {
        var frames = ReadFrame.All(new MpegFrameReader(), Stream128);
        var vbri = new byte[417];
        frames[0].Data.AsSpan(0, 4).CopyTo(vbri);
        vbri[2] = 0x90;
        "VBRI"u8.CopyTo(vbri.AsSpan(36));

        ReadFrame.AssertEqual(frames, ReadFrame.All(new MpegFrameReader(), [.. vbri, .. Stream128]));
    }

    [Fact]
    public void A_free_format_stream_is_refused_with_a_sentence()
    {
        // 64 kbit/s at 48 kHz needs no padding: without their bitrate these are free-format frames.
        var stream = ReadFrame.Join(ReadFrame.All(new MpegFrameReader(), Encode("mp3", 48000, 2, "-b:a 64k")).Select(frame =>
            frame with { Data = [frame.Data[0], frame.Data[1], (byte)(frame.Data[2] & 15), .. frame.Data.AsSpan(3)] }));
        var reader = new MpegFrameReader();

        Assert.Empty(ReadFrame.InFragments(reader, stream.AsSpan(100, 20_000), FrameReaderContract.Seeded(), longest: 50));

        Assert.StartsWith("The stream is free-format", reader.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_free_format_headers_in_garbage_refuse_nothing()
    {
        var garbage = new byte[3000];
        for (var i = 0; i < 7; i++)
        {
            new byte[] { 0xFF, 0xFB, 0x04, 0x44 }.CopyTo(garbage, 400 * i);
        }

        var reader = new MpegFrameReader();

        var frames = ReadFrame.All(reader, [.. garbage, .. Stream128, .. garbage]);

        Assert.Equal(Stream128.Length, ReadFrame.Join(frames).Length + frames[^1].Data.Length);
        Assert.Null(reader.Refusal);
    }

    private static bool IsMp2(string codec) => string.Equals(codec, "mp2", StringComparison.Ordinal);

    private static byte[] Encode(string codec, int sampleRate, int channels, string options) => IsMp2(codec)
        ? EncodedAudio.Mp2(sampleRate, channels, 4, options.Split(' '))
        : EncodedAudio.Mp3(sampleRate, channels, 8, options.Split(' '));

    private static IEnumerable<int> PacketSizes(byte[] stream)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("stream.mp3", stream);
        var sizes = Tool.Output("ffprobe", "-v", "error", "-show_entries", "packet=size", "-of", "csv=p=0", path);
        return [.. System.Text.Encoding.ASCII.GetString(sizes).Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
    }
}
