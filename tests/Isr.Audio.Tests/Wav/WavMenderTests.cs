using System.Buffers.Binary;
using Isr.Audio.Mending;
using Isr.Audio.Tests.Mending;
using Isr.Audio.Tests.Support;
using Isr.Audio.Wav;

namespace Isr.Audio.Tests.Wav;

public sealed class WavMenderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("pcm_u8", 1, 8)]
    [InlineData("pcm_s16le", 2, 16)]
    [InlineData("pcm_s24le", 1, 24)]
    [InlineData("pcm_s24le", 6, 24)]
    [InlineData("pcm_s32le", 2, 32)]
    [InlineData("pcm_f32le", 2, 32)]
    [InlineData("pcm_f64le", 1, 64)]
    public void A_file_whose_sizes_were_never_written_gets_them(string codec, int channels, int bits)
    {
        var random = FrameReaderContract.Seeded();
        var file = EncodedAudio.Wav(48000, channels, 1, "-c:a", codec);
        Assert.True(WavFileInfo.TryRead(Mended.Reader(file), file.Length, out var info));
        Assert.True(Mended.Plan(file, ".wav").IsEmptyFor(file.Length));
        Assert.Equal((48000, channels, bits, 48000L, false), (info.SampleRate, info.Channels, info.BitsPerSample, info.Samples, info.IsUnfinished));

        var paths = new List<string>();
        foreach (var size in (uint[])[0, uint.MaxValue, 0x7FFFFFF0])
        {
            var length = (int)info.DataOffset + random.Next(1000, 30_000);
            var torn = file[..length];
            BinaryPrimitives.WriteUInt32LittleEndian(torn.AsSpan(4), size);
            BinaryPrimitives.WriteUInt32LittleEndian(torn.AsSpan((int)info.DataOffset - 4), size);

            var plan = Mended.Plan(torn, ".wav");
            var whole = Mended.Apply(plan, torn);

            Assert.Equal((length - info.DataOffset) / (channels * bits / 8), plan.Samples);
            Assert.True(Mended.Plan(whole, ".wav").IsEmptyFor(whole.Length));
            Assert.Equal(torn.AsSpan((int)info.DataOffset, (int)plan.Samples * channels * bits / 8), whole.AsSpan((int)info.DataOffset, (int)plan.Samples * channels * bits / 8));
            paths.Add(_directory.Write($"mended{size}.wav", whole));
            Assert.Equal($"{plan.Samples}\n", System.Text.Encoding.UTF8.GetString(Tool.Output("soxi", "-s", paths[^1])));
        }

        Assert.Equal(paths.Count, Ffmpeg.Decode(paths, "s16le").Count);
    }

    [Fact]
    public void A_header_that_lags_behind_is_true_for_who_knows_that_the_file_was_left_open()
    {
        var file = EncodedAudio.Wav(44100, 2, 1);
        byte[] grown = [.. file, .. FrameReaderContract.Garbage(new Random(1), 4001)];

        var plan = Mended.Plan(grown, ".wav", isLeftOpen: true);

        Assert.Equal(44100 + 1000, plan.Samples);
        Assert.True(Mended.Plan(grown, ".wav").IsEmptyFor(grown.Length));
        Assert.True(Mended.Plan(file, ".wav", isLeftOpen: true).IsEmptyFor(file.Length));
    }

    [Fact]
    public void Chunks_behind_the_data_are_the_end_of_a_finished_file()
    {
        byte[] file = [.. EncodedAudio.Wav(44100, 1, 1), .. "LIST"u8, 4, 0, 0, 0, .. "INFO"u8];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), file.Length - 8);

        Assert.True(Mended.Plan(file, ".wav").IsEmptyFor(file.Length));
        Assert.True(Mended.Plan(file, ".wav", isLeftOpen: true).IsEmptyFor(file.Length));
    }

    [Theory]
    [InlineData("RIFF", "JUNK", true)]
    [InlineData("RF64", "ds64", true)]
    [InlineData("RIFF", "note", false)]
    public void More_than_4_GiB_is_told_in_a_ds64_chunk_where_there_is_room(string riff, string room, bool isMended)
    {
        var head = new byte[12 + 36 + 24 + 8];
        System.Text.Encoding.ASCII.GetBytes(riff).CopyTo(head, 0);
        "WAVE"u8.CopyTo(head.AsSpan(8));
        System.Text.Encoding.ASCII.GetBytes(room).CopyTo(head, 12);
        head[16] = 28;
        "fmt "u8.CopyTo(head.AsSpan(48));
        byte[] format = [16, 0, 0, 0, 1, 0, 2, 0, 0x80, 0xBB, 0, 0, 0, 0xEE, 2, 0, 4, 0, 16, 0];
        format.CopyTo(head, 52);
        "data"u8.CopyTo(head.AsSpan(72));
        head.AsSpan(76, 4).Fill(0xFF);
        var length = head.Length + (5L << 30) + 3;

        var plan = FileMender.Plan(".wav", Sparse(head, length), length, isLeftOpen: false);
        if (!isMended)
        {
            Assert.Contains("4 GiB", plan.Refusal, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(((5L << 30) / 4, length - 3), (plan.Samples, plan.Keep));
        foreach (var patch in plan.Patches)
        {
            patch.Bytes.CopyTo(head.AsSpan((int)patch.Offset));
        }

        var again = FileMender.Plan(".wav", Sparse(head, plan.Keep), plan.Keep, isLeftOpen: true);
        Assert.True(again.IsEmptyFor(plan.Keep), $"{again}");
        Assert.Equal("RF64"u8, head.AsSpan(0, 4));
        Assert.Equal(5L << 30, BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(28)));
    }

    [Theory]
    [InlineData(22, 0)]
    [InlineData(24, 0)]
    [InlineData(32, 0)]
    [InlineData(20, 0x55)]
    public void A_header_that_says_nothing_of_use_is_refused(int offset, byte value)
    {
        var file = EncodedAudio.Wav(8000, 1, 1);
        file.AsSpan(offset, 2).Clear();
        file[offset] = value;
        file.AsSpan(26, 2).Clear();

        Assert.NotNull(Mended.Plan(file, ".wav").Refusal);
        Assert.NotNull(Mended.Plan([.. file[..12], .. "data"u8, 4, 0, 0, 0, 1, 2, 3, 4], ".wav").Refusal);
    }

    private static ReadAt Sparse(byte[] head, long length) => (offset, destination) =>
    {
        var count = (int)Math.Clamp(length - offset, 0, destination.Length);
        destination[..count].Clear();
        if (offset < head.Length)
        {
            head.AsSpan((int)offset, Math.Min(count, head.Length - (int)offset)).CopyTo(destination);
        }

        return count;
    };
}
