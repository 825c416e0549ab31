using System.Text;
using Isr.Sources.Http;

namespace Isr.Tests.Sources.Http;

public sealed class PlaylistTests
{
    private static readonly Uri s_at = new("http://radio.example/lists/x.pls");

    [Theory]
    [InlineData("[playlist]\nFile1=http://a/1\nTitle1=x\nFile2=https://b/2\nLength2=-1\nVersion=2\n", "http://a/1 https://b/2")]
    [InlineData("[playlist]\r\nFILE1 = http://a/1\r\n", "http://a/1")]
    [InlineData("#EXTM3U\n#EXTINF:-1,x\nhttp://a/1\n", "http://a/1")]
    [InlineData("\uFEFFhttp://a/1\r\rhttp://a/2", "http://a/1 http://a/2")]
    [InlineData("  http://a/1  \n\n", "http://a/1")]
    [InlineData("live.mp3\n/root.mp3\n../up.mp3\n", "http://radio.example/lists/live.mp3 http://radio.example/root.mp3 http://radio.example/up.mp3")]
    [InlineData("//other/x\n", "http://other/x")]
    [InlineData("file:///etc/passwd\nftp://a/1\nmailto:a@b\njavascript:1\n", "")]
    [InlineData("[playlist]\nFileX=http://a/1\nFile=http://a/2\n", "http://radio.example/lists/FileX=http://a/1 http://radio.example/lists/File=http://a/2")]
    [InlineData("<html>\n", "")]
    [InlineData("", "")]
    public void Addresses_are_read_in_their_order(string text, string expected)
    {
        Assert.Equal(expected, string.Join(' ', Playlist.Read(Encoding.UTF8.GetBytes(text), s_at)));
    }

    [Fact]
    public void No_more_than_twenty_are_taken()
    {
        var text = string.Concat(Enumerable.Range(0, 1000).Select(i => $"http://a/{i}\n"));

        Assert.Equal(20, Playlist.Read(Encoding.ASCII.GetBytes(text), s_at).Count);
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            var bytes = new byte[random.Next(400)];
            random.NextBytes(bytes);
            Assert.All(Playlist.Read(bytes, s_at), u => Assert.StartsWith("http", u.Scheme, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Cut_at_any_length_it_gives_only_addresses_on_the_web()
    {
        var whole = "[playlist]\nFile1=http://a.example/one\nTitle1=x\nFile2=http://b.example/two\n"u8.ToArray();
        for (var length = 0; length <= whole.Length; length++)
        {
            var found = Playlist.Read(whole.AsSpan(0, length), s_at);
            Assert.InRange(found.Count, 0, 2);
            Assert.All(found, u => Assert.Equal("http", u.Scheme));
        }
    }

    [Theory]
    [InlineData("audio/x-scpls", true)]
    [InlineData("Audio/MpegURL", true)]
    [InlineData("application/vnd.apple.mpegurl", true)]
    [InlineData("audio/mpeg", false)]
    [InlineData(null, false)]
    public void Types_of_playlists_are_known(string? type, bool expected)
    {
        Assert.Equal(expected, Playlist.IsPlaylistType(type));
    }

    [Fact]
    public void Hls_is_told_by_its_tags()
    {
        Assert.True(Playlist.IsHls("#EXTM3U\n#EXT-X-VERSION:3\n"u8));
        Assert.False(Playlist.IsHls("#EXTM3U\n#EXTINF:-1,x\nhttp://a/1\n"u8));
    }
}
