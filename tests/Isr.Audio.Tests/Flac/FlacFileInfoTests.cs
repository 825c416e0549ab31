using Isr.Audio.Flac;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Flac;

public sealed class FlacFileInfoTests
{
    [Fact]
    public void A_files_header_tells_how_long_it_is()
    {
        var file = EncodedAudio.FlacOf(EncodedAudio.Wav(48000, 1, 3));

        Assert.True(FlacFileInfo.TryRead(file.AsSpan(0, FlacFileInfo.HeadBytes), out var info));

        Assert.Equal(new AudioFormat(AudioCodec.Flac, 48000, 1, 16), info.Format);
        Assert.Equal(3 * 48000, info.Samples);
    }

    [Fact]
    public void A_tag_beyond_the_head_is_stepped_over_in_two_reads()
    {
        var audio = EncodedAudio.FlacOf(EncodedAudio.Wav(48000, 1, 3));
        byte[] file = [.. "ID3\x04\0\0"u8, 0, 2, 0, 0, .. new byte[2 << 14], .. audio];

        Assert.False(FlacFileInfo.TryRead(file.AsSpan(0, 4096), out var first));
        Assert.True(FlacFileInfo.TryRead(file.AsSpan((int)first.AudioOffset), out var second));

        Assert.Equal(10 + (2 << 14), first.AudioOffset);
        Assert.Equal(3 * 48000, second.Samples);
        Assert.True(FlacFileInfo.TryRead(file, out var whole));
        Assert.Equal(3 * 48000, whole.Samples);
    }

    [Fact]
    public void No_head_at_all_throws()
    {
        var file = FlacStreams.Stereo;
        for (var length = 0; length < 500; length++)
        {
            Assert.Equal(length >= FlacFileInfo.HeadBytes, FlacFileInfo.TryRead(file.AsSpan(0, length), out _));
        }

        var random = FrameReaderContract.Seeded();
        for (var i = 0; i < 5000; i++)
        {
            var mutant = file[..60];
            for (var hits = random.Next(8); hits >= 0; hits--)
            {
                mutant[random.Next(60)] = (byte)random.Next(256);
            }

            FlacFileInfo.TryRead(mutant, out var info);
            Assert.True(info.Samples >= 0);
        }
    }
}
