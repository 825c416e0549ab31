using Isr.Audio.Adts;

namespace Isr.Audio.Tests.Adts;

public sealed class AdtsHeaderTests
{
    [Fact]
    public void Fields_follow_from_the_bits()
    {
        Assert.True(AdtsHeader.TryRead([0xFF, 0xF1, 0x50, 0x80, 0x2E, 0x7F, 0xFC], out var header));

        Assert.False(header.IsMpeg2);
        Assert.False(header.HasCrc);
        Assert.Equal(1, header.Profile);
        Assert.Equal(44100, header.SampleRate);
        Assert.Equal(2, header.ChannelConfiguration);
        Assert.Equal(371, header.FrameLength);
        Assert.Equal(0x7FF, header.BufferFullness);
        Assert.Equal(1024, header.Samples);
    }

    [Fact]
    public void MPEG_2_with_a_CRC_four_blocks_and_eight_channels_is_read_too()
    {
        Assert.True(AdtsHeader.TryRead([0xFF, 0xF8, 0x4D, 0xC3, 0xFF, 0xE0, 0x03], out var header));

        Assert.True(header.IsMpeg2);
        Assert.True(header.HasCrc);
        Assert.Equal(48000, header.SampleRate);
        Assert.Equal(4096, header.Samples);
        Assert.Equal(AdtsHeader.MaxFrameLength, header.FrameLength);
        Assert.Equal(new AudioFormat(AudioCodec.Aac, 48000, 8), header.Format);
    }

    [Theory]
    [InlineData(0xF3, 0x50, 0x2E)] // layer: MPEG audio
    [InlineData(0xE1, 0x50, 0x2E)] // sync
    [InlineData(0xF1, 0x74, 0x2E)] // sample rate
    [InlineData(0xF1, 0x50, 0x00)] // length
    public void Reserved_values_are_no_header(byte second, byte third, byte fifth) =>
        Assert.False(AdtsHeader.TryRead([0xFF, second, third, 0x80, fifth, 0x7F, 0xFC], out _));

    [Fact]
    public void Fewer_than_seven_bytes_are_no_header()
    {
        byte[] whole = [0xFF, 0xF1, 0x50, 0x80, 0x2E, 0x7F, 0xFC];
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.False(AdtsHeader.TryRead(whole.AsSpan(0, length), out _));
        }
    }
}
