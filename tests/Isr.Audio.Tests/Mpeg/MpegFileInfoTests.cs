using Isr.Audio.Mpeg;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Mpeg;

public sealed class MpegFileInfoTests
{
    [Fact]
    public void A_foreign_file_counts_what_players_put_out()
    {
        var file = EncodedAudio.Mp3WithInfoFrame(44100, 2, 3, "-q:a", "4");

        Assert.True(MpegFileInfo.TryRead(file, file.Length, out var info));

        Assert.Equal(new AudioFormat(AudioCodec.MpegLayer3, 44100, 2), info.Format);
        Assert.Equal(3 * 44100, info.Samples);
        Assert.False(info.IsEstimate);
    }

    [Fact]
    public void A_tag_beyond_the_head_is_stepped_over_in_two_reads()
    {
        var audio = EncodedAudio.Mp3WithInfoFrame(44100, 2, 3, "-b:a", "128k");
        byte[] file = [.. "ID3\x04\0\0"u8, 0, 2, 0, 0, .. new byte[2 << 14], .. audio];

        Assert.False(MpegFileInfo.TryRead(file.AsSpan(0, 4096), file.Length, out var first));
        var rest = file.AsSpan((int)first.AudioOffset, MpegFileInfo.HeadBytes);
        Assert.True(MpegFileInfo.TryRead(rest, file.Length - first.AudioOffset, out var second));

        Assert.Equal(10 + (2 << 14), first.AudioOffset);
        Assert.Equal(0, second.AudioOffset);
        Assert.Equal(3 * 44100, second.Samples);
    }

    [Fact]
    public void Without_a_frame_count_the_size_tells()
    {
        var file = EncodedAudio.Mp3(48000, 1, 5, "-b:a", "64k");

        Assert.True(MpegFileInfo.TryRead(file.AsSpan(0, 500), file.Length, out var info));

        Assert.True(info.IsEstimate);
        Assert.Equal(file.Length / 192 * 1152, info.Samples);
    }

    [Fact]
    public void No_head_at_all_throws()
    {
        var file = EncodedAudio.Mp3WithInfoFrame(44100, 2, 3, "-b:a", "128k");
        for (var length = 0; length < 500; length++)
        {
            Assert.Equal(length >= 4, MpegFileInfo.TryRead(file.AsSpan(0, length), file.Length, out _));
        }

        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var mutant = file[..600];
            for (var hits = random.Next(8); hits >= 0; hits--)
            {
                mutant[random.Next(200)] = (byte)random.Next(256);
            }

            MpegFileInfo.TryRead(mutant, file.Length, out var info);
            Assert.True(info.Samples >= 0);
        }
    }
}
