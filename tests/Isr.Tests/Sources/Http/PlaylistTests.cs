using System.Text;
using Isr.Sources.Http;

namespace Isr.Tests.Sources.Http;

public sealed class PlaylistTests
{
    private static readonly Uri s_location = new("http://radio.example/lists/all.pls");

    [Theory]
    [InlineData("[playlist]\nNumberOfEntries=2\nFile1=http://a/1\nTitle1=http://no/\nLength1=-1\nFile2=https://b/2\nVersion=2\n", "http://a/1 https://b/2")]
    [InlineData("[playlist]\r\nfile1 = http://a/1 \r\nFILE02=http://b/2\r\n", "http://a/1 http://b/2")]
    [InlineData("#EXTM3U\r\n#EXTINF:-1,x\r\nhttp://a/1\r\n\r\n  http://b/2  ", "http://a/1 http://b/2")]
    [InlineData("\uFEFFhttp://a/1\rhttp://b/2\r", "http://a/1 http://b/2")]
    [InlineData("\uFEFF[playlist]\nFile1=http://a/1", "http://a/1")]
    [InlineData("#EXTM3U\nlive.mp3\n/top.mp3\n../up.mp3\n//other/x", "http://radio.example/lists/live.mp3 http://radio.example/top.mp3 http://radio.example/up.mp3 http://other/x")]
    [InlineData("File1=live.mp3?a=b", "http://radio.example/lists/live.mp3?a=b")]
    [InlineData("Files.mp3\nFileX=http://a/", "http://radio.example/lists/Files.mp3 http://radio.example/lists/FileX=http://a/")]
    [InlineData("ftp://a/1\nmms://b/2\nfile:///etc/passwd\nhttp://\nhttp://[::1\nhttp://c/3", "http://c/3")]
    [InlineData("<html><body>no list</body>", "")]
    [InlineData("[playlist]\nNumberOfEntries=0\n", "")]
    [InlineData("", "")]
    [InlineData("\r\n \t \n\r", "")]
    public void Its_addresses_are_read_in_their_order(string text, string addresses)
    {
        var body = Encoding.UTF8.GetBytes(text);

        var read = Playlist.Read(body, s_location);

        Assert.Equal(addresses, string.Join(' ', read.Select(a => a.AbsoluteUri)));
    }

    [Fact]
    public void No_more_than_20_addresses_are_read()
    {
        var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(1, 100).Select(i => $"http://a/{i}\n")));

        var read = Playlist.Read(body, s_location);

        Assert.Equal(20, read.Count);
        Assert.Equal("http://a/20", read[^1].AbsoluteUri);
    }

    [Fact]
    public void Chance_does_not_make_it_fail()
    {
        var random = new Random(7);
        var words = new[] { "File1=", "http://", "\n", "[", "#", "\uFEFF", "=", "//", "%", "@", ":", "a" }.Select(Encoding.UTF8.GetBytes).ToArray();

        for (var round = 0; round < 5000; round++)
        {
            byte[] body = [.. Enumerable.Range(0, 20).SelectMany(_ => random.Next(4) == 0 ? [(byte)random.Next(256)] : words[random.Next(words.Length)])];
            var read = Playlist.Read(body, s_location);
            Assert.All(read, a => Assert.StartsWith("http", a.Scheme, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:10,\nsegment.aac\n", true)]
    [InlineData("#EXTM3U\n#EXTINF:10,\nhttp://a/1\n", false)]
    [InlineData("", false)]
    public void Hls_is_told_apart(string text, bool isHls)
    {
        var body = Encoding.UTF8.GetBytes(text);

        var told = Playlist.IsHls(body);

        Assert.Equal(isHls, told);
    }

    [Theory]
    [InlineData("audio/x-scpls", true)]
    [InlineData("Audio/X-MpegURL", true)]
    [InlineData("application/vnd.apple.mpegurl", true)]
    [InlineData("audio/mpeg", false)]
    [InlineData(null, false)]
    public void Its_types_are_known(string? type, bool isPlaylist)
    {
        Assert.Equal(isPlaylist, Playlist.IsPlaylistType(type));
    }
}
