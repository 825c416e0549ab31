using Isr.Audio.Flac;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Flac;

public sealed class FlacCrcTests
{
    [Fact]
    public void Known_values()
    {
        // CRC-8/SMBUS and CRC-16/UMTS of the CRC catalogue.
        Assert.Equal(0xF4, FlacCrc.Crc8("123456789"u8));
        Assert.Equal(0xFEE8, FlacCrc.Crc16("123456789"u8));
    }

    [Fact]
    public void Sixteen_at_a_time_is_bit_by_bit()
    {
        var random = FrameReaderContract.Seeded();
        var data = FrameReaderContract.Garbage(random, 300);
        for (var length = 0; length <= 257; length++)
        {
            var slice = data.AsSpan(random.Next(40), length);
            var start = (ushort)random.Next(65536);
            Assert.Equal(FlacCrc.Append16Bitwise(start, slice), FlacCrc.Append16(start, slice));

            var middle = random.Next(length + 1);
            Assert.Equal(FlacCrc.Append16(start, slice), FlacCrc.Append16(FlacCrc.Append16(start, slice[..middle]), slice[middle..]));
        }
    }

    [Fact]
    public void Two_places_have_one_mark_exactly_where_a_checksum_between_them_fits()
    {
        var random = FrameReaderContract.Seeded();
        for (var round = 0; round < 500; round++)
        {
            var before = FrameReaderContract.Garbage(random, random.Next(70_000));
            var inside = FrameReaderContract.Garbage(random, 1 + random.Next(9000));
            var crc = FlacCrc.Crc16(inside);
            byte[] frame = [.. inside, (byte)(crc >> 8), (byte)crc];

            var atStart = FlacCrc.Crc16(before);
            var atEnd = FlacCrc.Append16(atStart, frame);
            Assert.Equal(FlacCrc.Mark(atStart, before.Length), FlacCrc.Mark(atEnd, before.Length + frame.Length));

            frame[random.Next(frame.Length)] ^= (byte)(1 + random.Next(255));
            atEnd = FlacCrc.Append16(atStart, frame);
            Assert.NotEqual(FlacCrc.Mark(atStart, before.Length), FlacCrc.Mark(atEnd, before.Length + frame.Length));
        }
    }
}
