using System.Buffers;
using Isr.Audio.Flac;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Flac;

public sealed class FlacHeaderTests
{
    [Theory]
    [InlineData("FF F8 C9 18 00 C2", false, 0, 4096, 44100, 2, 16, 6)]
    [InlineData("FF F8 59 08 00 0C", false, 0, 4608, 44100, 1, 16, 6)]
    [InlineData("FF F8 19 28 05", false, 5, 192, 44100, 3, 16, 6)]
    [InlineData("FF F9 60 80 C2 80 0F", true, 128, 16, 0, 2, 0, 8)]
    [InlineData("FF F8 7C 7C 00 12 33 C0", false, 0, 0x1234, 192000, 8, 24, 9)]
    [InlineData("FF F8 8D 9E 00 AB CD", false, 0, 256, 0xABCD, 2, 32, 8)]
    [InlineData("FF F8 FE A2 00 30 D4", false, 0, 32768, 125000, 2, 8, 8)]
    [InlineData("FF F9 A3 0A FE BF BF BF BF BF BF", true, (1L << 36) - 1, 1024, 192000, 1, 20, 12)]
    [InlineData("FF F8 B4 04 FD BF BF BF BF BF", false, (1L << 31) - 1, 2048, 8000, 1, 12, 11)]
    public void All_fields_are_read(
        string bytes, bool isVariable, long number, int blockSize, int rate, int channels, int bits, int length)
    {
        var source = WithCrc(bytes, length);

        Assert.True(FlacHeader.TryRead(source, out var header));

        Assert.Equal(
            (isVariable, number, blockSize, rate, channels, bits, length),
            (header.IsVariable, header.Number, header.BlockSize, header.SampleRate, header.Channels, header.BitsPerSample, header.Length));
        for (var shorter = 0; shorter < length; shorter++)
        {
            Assert.False(FlacHeader.TryRead(source.AsSpan(0, shorter), out _));
        }

        source[^1] ^= 1;
        Assert.False(FlacHeader.TryRead(source, out _));
    }

    [Theory]
    [InlineData("FF FA C9 18 00", 6)]
    [InlineData("FF F8 09 18 00", 6)]
    [InlineData("FF F8 CF 18 00", 6)]
    [InlineData("FF F8 C9 B8 00", 6)]
    [InlineData("FF F8 C9 16 00", 6)]
    [InlineData("FF F8 C9 19 00", 6)]
    [InlineData("FF F8 C9 18 80", 6)]
    [InlineData("FF F8 C9 18 BF", 6)]
    [InlineData("FF F8 C9 18 FF", 6)]
    [InlineData("FF F8 C9 18 C2 00", 7)]
    [InlineData("FF F8 C9 18 FE BF BF BF BF BF BF", 12)]
    [InlineData("FF F8 79 18 00 FF FF", 8)]
    [InlineData("FF F8 CC 18 00 00", 7)]
    [InlineData("FF F8 CE 18 00 00 00", 8)]
    public void What_is_reserved_or_impossible_is_none(string bytes, int length) =>
        Assert.False(FlacHeader.TryRead(WithCrc(bytes, length), out _));

    [Fact]
    public void Any_number_is_written_as_it_is_read()
    {
        var random = FrameReaderContract.Seeded();
        var bytes = new byte[7];
        for (var round = 0; round < 5000; round++)
        {
            var number = random.NextInt64(1L << random.Next(1, 37));
            var length = FlacHeader.WriteNumber(number, bytes);

            var source = WithCrc("FF F9 C9 18 " + Convert.ToHexString(bytes.AsSpan(0, length)), 5 + length);
            Assert.True(FlacHeader.TryRead(source, out var header));
            Assert.Equal((number, length), (header.Number, header.NumberLength));
        }
    }

    [Fact]
    public void A_frame_with_another_number_is_otherwise_the_same()
    {
        foreach (var frame in FlacStreams.Frames(FlacStreams.Stereo).Take(5))
        {
            var header = FlacStreams.Header(frame);
            foreach (var number in (long[])[0, 127, 128, 70_000, (1L << 31) - 1, (1L << 36) - 1])
            {
                var output = new ArrayBufferWriter<byte>();
                var length = FlacFrame.Write(frame.Data, header, number, isVariable: true, output);

                var other = output.WrittenSpan;
                Assert.Equal(length, other.Length);
                Assert.True(FlacFrame.HasValidCrc(other));
                Assert.True(FlacHeader.TryRead(other, out var changed));
                Assert.True(changed.IsVariable);
                Assert.Equal((number, header.BlockSize), (changed.Number, changed.BlockSize));
                Assert.True(frame.Data.AsSpan(header.Length..^2).SequenceEqual(other[changed.Length..^2]));

                var back = new ArrayBufferWriter<byte>();
                FlacFrame.Write(other, changed, header.Number, isVariable: false, back);
                Assert.Equal(frame.Data, back.WrittenSpan.ToArray());
            }
        }
    }

    [Fact]
    public void A_stream_info_is_written_as_it_is_read()
    {
        var info = new FlacStreamInfo
        {
            MinBlock = 16,
            MaxBlock = 65535,
            MinFrame = 0x123456,
            MaxFrame = 0xFEDCBA,
            SampleRate = 655350,
            Channels = 8,
            BitsPerSample = 32,
            TotalSamples = (1L << 36) - 1,
        };
        var bytes = new byte[FlacStreamInfo.Size];
        info.Write(bytes);

        Assert.True(FlacStreamInfo.TryRead(bytes, out var read));
        Assert.Equal(info, read);
        Assert.False(FlacStreamInfo.TryRead(bytes.AsSpan(1), out _));
        Assert.False(FlacStreamInfo.TryRead(new byte[FlacStreamInfo.Size], out _));
    }

    // A header of the given length: what was left out is zero, the last byte its CRC.
    private static byte[] WithCrc(string bytes, int length)
    {
        var header = new byte[length];
        Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)).AsSpan().CopyTo(header);
        header[^1] = FlacCrc.Crc8(header.AsSpan(..^1));
        return header;
    }
}
