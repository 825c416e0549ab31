using Isr.Audio.Mpeg;

namespace Isr.Audio.Tests.Mpeg;

public sealed class LameCrcTests
{
    [Fact]
    public void Eight_bytes_at_a_time_give_what_one_at_a_time_gives()
    {
        var random = new Random(42);
        var data = new byte[300];
        random.NextBytes(data);

        for (var length = 0; length <= 257; length++)
        {
            var slice = data.AsSpan(length % 13, length);
            Assert.Equal(LameCrc.AppendBytewise(0x1234, slice), LameCrc.Append(0x1234, slice));
        }
    }

    [Fact]
    public void It_is_the_known_CRC_16() => Assert.Equal(0xBB3D, LameCrc.Append(0, "123456789"u8));
}
