using System.Text;
using Isr.Audio.Icy;
using Isr.Audio.Tests.Support;

namespace Isr.Audio.Tests.Icy;

public sealed class IcyMetadataTests
{
    [Theory]
    [InlineData("StreamTitle='Foo - Bar';", "Foo - Bar")]
    [InlineData("StreamTitle='Foo - Bar';StreamUrl='http://x/';", "Foo - Bar")]
    [InlineData("StreamUrl='http://x/';StreamTitle='Foo';", "Foo")]
    [InlineData("StreamTitle='Foo - It's; Bär';", "Foo - It's; Bär")]
    [InlineData("StreamTitle='Rock 'n'; Roll';StreamUrl='';", "Rock 'n'; Roll")]
    [InlineData("StreamTitle='';", "")]
    [InlineData("StreamTitle='cut off", "cut off")]
    [InlineData("StreamTitle='cut off'", "cut off")]
    [InlineData("StreamTitle='a\u0001b\r\nc\u2028d';", "abcd")]
    [InlineData("StreamTitle='Привет 🎵';\0\0\0\0", "Привет 🎵")]
    public void A_title_is_what_stands_between_its_quotes(string metadata, string expected)
    {
        Assert.True(IcyMetadata.TryGetTitle(Encoding.UTF8.GetBytes(metadata), out var title));
        Assert.Equal(expected, title);
    }

    [Fact]
    public void What_is_not_UTF_8_is_read_as_Windows_and_Latin_1_are()
    {
        Assert.True(IcyMetadata.TryGetTitle([.. "StreamTitle='B"u8, 0xE4, .. "r it"u8, 0x92, .. "s';"u8], out var title));
        Assert.Equal("Bär it’s", title);
    }

    [Theory]
    [InlineData("")]
    [InlineData("StreamUrl='http://x/';")]
    public void A_block_may_name_no_title(string metadata) =>
        Assert.False(IcyMetadata.TryGetTitle(Encoding.UTF8.GetBytes(metadata), out _));

    [Fact]
    public void A_long_title_is_cut_between_characters()
    {
        var metadata = "StreamTitle='x" + string.Concat(Enumerable.Repeat("🎵", 1000)) + "';";

        Assert.True(IcyMetadata.TryGetTitle(Encoding.UTF8.GetBytes(metadata), out var title));

        Assert.Equal(IcyMetadata.MaxTitleChars - 1, title.Length);
        Assert.True(char.IsLowSurrogate(title[^1]));
    }

    [Fact]
    public void Random_bytes_give_a_bounded_title_without_control_characters()
    {
        var random = FrameReaderContract.Seeded();
        for (var round = 0; round < 500; round++)
        {
            byte[] metadata = [.. "StreamTitle='"u8, .. FrameReaderContract.Garbage(random, random.Next(4067))];
            for (var i = 0; i < 30 && metadata.Length > 20; i++)
            {
                "';a='"u8[..random.Next(6)].CopyTo(metadata.AsSpan(13 + random.Next(metadata.Length - 18)));
            }

            Assert.True(IcyMetadata.TryGetTitle(metadata, out var title));
            Assert.InRange(title.Length, 0, IcyMetadata.MaxTitleChars);
            Assert.DoesNotContain(title, char.IsControl);
        }
    }
}
