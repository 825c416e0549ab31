using Isr.Audio.Adts;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Adts;

public sealed class AdtsFrameReaderTests
{
    private static byte[] Stream => EncodedAudio.Aac(44100, 2, 8, "-b:a", "96k");

    [Theory]
    [InlineData(44100, 2)]
    [InlineData(48000, 6)]
    [InlineData(22050, 1)]
    public void Every_byte_of_a_known_stream_is_in_a_frame_and_every_frame_is_one_that_ffprobe_sees(int sampleRate, int channels)
    {
        var stream = channels == 6
            ? EncodedAudio.Aac(sampleRate, 2, 4, "-ac", "6")
            : EncodedAudio.Aac(sampleRate, channels, 4);
        using var directory = new TemporaryDirectory();
        var path = directory.Write("stream.aac", stream);
        var reader = new AdtsFrameReader();

        var frames = ReadFrame.All(reader, stream);

        // ffprobe tells packets without their headers of 7 bytes.
        var packets = Tool.Output("ffprobe", "-v", "error", "-show_entries", "packet=pos", "-of", "csv=p=0", path);
        var positions = System.Text.Encoding.ASCII.GetString(packets).Split([',', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
        var at = 0;
        Assert.Equal(positions, frames.Select(frame => (at += frame.Data.Length) - frame.Data.Length));
        Assert.Equal(stream, ReadFrame.Join(frames));
        Assert.Equal(0, reader.SkippedBytes);
        Assert.All(frames, frame => Assert.Equal((1024, new AudioFormat(AudioCodec.Aac, sampleRate, channels)), (frame.Samples, frame.Format)));
    }

    [Fact]
    public void Fragments_of_any_size_give_the_same_frames() =>
        FrameReaderContract.Reads_the_same_in_fragments(() => new AdtsFrameReader(), Stream);

    [Fact]
    public void Garbage_is_skipped() => FrameReaderContract.Skips_garbage(() => new AdtsFrameReader(), Stream);

    [Fact]
    public void A_stream_may_end_anywhere() =>
        FrameReaderContract.Gives_whole_frames_of_a_stream_that_ends_anywhere(() => new AdtsFrameReader(), Stream, 2000);

    [Fact]
    public void Hostile_bytes_are_skipped_or_framed_in_bounded_time() =>
        FrameReaderContract.Survives_hostile_bytes(() => new AdtsFrameReader(), Stream, [0xFF, 0xF1, 0x50, 0x80, 0x01, 0xFF]);

    [Fact]
    public void Nothing_is_allocated_per_frame() => FrameReaderContract.Does_not_allocate(new AdtsFrameReader(), Stream);

    [Fact]
    public void An_encoder_switched_in_the_middle_of_a_frame_costs_that_half_frame_alone()
    {
        var before = ReadFrame.All(new AdtsFrameReader(), Stream).Take(30).ToList();
        var after = ReadFrame.All(new AdtsFrameReader(), EncodedAudio.Aac(48000, 1, 4)).Take(30).ToList();
        for (var half = AdtsHeader.Size; half < before[^1].Data.Length; half += 5)
        {
            byte[] stream = [.. ReadFrame.Join(before.SkipLast(1)), .. before[^1].Data.AsSpan(0, half), .. ReadFrame.Join(after)];

            ReadFrame.AssertEqual([.. before.SkipLast(1), .. after], ReadFrame.All(new AdtsFrameReader(), stream));
        }
    }

    [Fact]
    public void Timed_metadata_between_frames_is_skipped_and_costs_no_frame()
    {
        var frames = ReadFrame.All(new AdtsFrameReader(), Stream);
        byte[] id3 = [.. "ID3\x04\0\0\0\0\0"u8, 100, .. new byte[100]];

        var read = ReadFrame.All(
            new AdtsFrameReader(),
            [.. id3, .. ReadFrame.Join(frames.Take(20)), .. id3, .. ReadFrame.Join(frames.Skip(20))]);

        ReadFrame.AssertEqual(frames, read);
    }

    [Fact]
    public void Frames_inside_a_tag_are_no_frames_of_the_stream()
    {
        // 10,000 bytes in 7 bits a byte.
        byte[] id3 = [.. "ID3\x04\0\0\0\0"u8, 78, 16, .. HeAac.Version1.AsSpan(0, 10_000)];
        var frames = ReadFrame.All(new AdtsFrameReader(), Stream);
        var reader = new AdtsFrameReader();

        var read = ReadFrame.InFragments(
            reader,
            [.. id3, .. ReadFrame.Join(frames.Take(20)), .. id3, .. ReadFrame.Join(frames.Skip(20)), .. id3],
            FrameReaderContract.Seeded(),
            longest: 700);

        ReadFrame.AssertEqual(frames, read);
        Assert.Equal(3 * id3.Length, reader.SkippedBytes);
    }

    [Fact]
    public void MPEG_audio_is_not_taken_for_ADTS() =>
        Assert.Empty(ReadFrame.All(new AdtsFrameReader(), EncodedAudio.Mp3(44100, 2, 8, "-b:a", "128k")));
}
