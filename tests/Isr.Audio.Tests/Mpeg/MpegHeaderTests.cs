using Isr.Audio.Mpeg;

namespace Isr.Audio.Tests.Mpeg;

public sealed class MpegHeaderTests
{
    [Theory]
    [InlineData(0xFFFB9064, MpegVersion.Mpeg1, 3, 128000, 44100, 417, 1152, 32, 2)]
    [InlineData(0xFFFB9264, MpegVersion.Mpeg1, 3, 128000, 44100, 418, 1152, 32, 2)]
    [InlineData(0xFFFAE4C4, MpegVersion.Mpeg1, 3, 320000, 48000, 960, 1152, 17, 1)]
    [InlineData(0xFFF380C4, MpegVersion.Mpeg2, 3, 64000, 22050, 208, 576, 9, 1)]
    [InlineData(0xFFE31864, MpegVersion.Mpeg25, 3, 8000, 8000, 72, 576, 17, 2)]
    [InlineData(0xFFFDE804, MpegVersion.Mpeg1, 2, 384000, 32000, 1728, 1152, 32, 2)]
    [InlineData(0xFFE5EA04, MpegVersion.Mpeg25, 2, 160000, 8000, 2881, 1152, 17, 2)]
    [InlineData(0xFFFFE204, MpegVersion.Mpeg1, 1, 448000, 44100, 488, 384, 32, 2)]
    [InlineData(0xFFFB0064, MpegVersion.Mpeg1, 3, 0, 44100, 0, 1152, 32, 2)]
    public void Fields_follow_from_the_bits(
        uint bits, MpegVersion version, int layer, int bitrate, int sampleRate, int length, int samples, int sideInfo, int channels)
    {
        Assert.True(MpegHeader.TryRead(Bytes(bits), out var header));

        Assert.Equal(version, header.Version);
        Assert.Equal(layer, header.Layer);
        Assert.Equal(bitrate, header.Bitrate);
        Assert.Equal(bitrate == 0, header.IsFreeFormat);
        Assert.Equal(sampleRate, header.SampleRate);
        Assert.Equal(length, header.FrameLength);
        Assert.Equal(samples, header.SamplesPerFrame);
        Assert.Equal(sideInfo, header.SideInfoLength);
        Assert.Equal(channels, header.Channels);
        Assert.Equal((bits & 0x10000) == 0, header.HasCrc);
    }

    [Theory]
    [InlineData(0xFFDB9064)] // sync
    [InlineData(0xFFEB9064)] // version
    [InlineData(0xFFF99064)] // layer: ADTS
    [InlineData(0xFFFBF064)] // bitrate
    [InlineData(0xFFFB9C64)] // sample rate
    public void Reserved_values_are_no_header(uint bits) => Assert.False(MpegHeader.TryRead(Bytes(bits), out _));

    [Fact]
    public void Fewer_than_four_bytes_are_no_header()
    {
        for (var length = 0; length < 4; length++)
        {
            Assert.False(MpegHeader.TryRead(Bytes(0xFFFB9064).AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void No_header_announces_more_than_the_longest_frame()
    {
        var longest = 0;
        for (uint bits = 0; bits < 1 << 21; bits++)
        {
            if (MpegHeader.TryRead(Bytes(0xFFE00000 | bits), out var header))
            {
                longest = Math.Max(longest, header.FrameLength);
            }
        }

        Assert.Equal(longest, MpegHeader.MaxFrameLength);
        Assert.Equal(2881, longest);
        Assert.Equal(1441, MpegHeader.MaxLayer3FrameLength);
    }

    [Fact]
    public void Main_data_begins_nine_bits_back_in_MPEG_1_and_eight_in_LSF()
    {
        byte[] mpeg1 = [.. Bytes(0xFFFB9064), 0xFF, 0x80];
        byte[] mpeg1WithCrc = [.. Bytes(0xFFFA9064), 0xFF, 0xFF, 0x01, 0x80];
        byte[] lsf = [.. Bytes(0xFFF38064), 0xFE, 0x80];

        Assert.Equal(511, MainDataBegin(mpeg1));
        Assert.Equal(3, MainDataBegin(mpeg1WithCrc));
        Assert.Equal(254, MainDataBegin(lsf));
    }

    private static int MainDataBegin(byte[] frame)
    {
        Assert.True(MpegHeader.TryRead(frame, out var header));
        return header.ReadMainDataBegin(frame);
    }

    private static byte[] Bytes(uint bits) => [(byte)(bits >> 24), (byte)(bits >> 16), (byte)(bits >> 8), (byte)bits];
}
