using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Http;

/// <summary>What a server plays arrives, every frame of it and nothing else.</summary>
public sealed class StreamSourceFramesTests
{
    private const int Enough = 120;

    [Theory]
    [InlineData("/v1.mp3", "audio/mpeg")]
    [InlineData("/v1noct.mp3", null)]
    [InlineData("/forcedicy.mp3", "audio/mpeg")]
    [InlineData("/bighdr", "audio/mpeg")]
    [InlineData("/lf.mp3", "audio/mpeg")]
    [InlineData("/chunked.mp3", "audio/mpeg")]
    [InlineData("/chunkedicy.mp3", "audio/mpeg")]
    [InlineData("/plain.mp3", "audio/mpeg")]
    [InlineData("/octet.mp3", "application/octet-stream")]
    [InlineData("/mp3asaac.aac", "audio/aac")]
    [InlineData("/finitenolength.mp3", "audio/mpeg")]
    public async Task Every_mp3_frame_arrives_as_it_was_sent(string path, string? type)
    {
        var heard = await HearAsync(path);

        AudioChecks.Compare((await TestAudio.Mp3Async()).Frames, heard.Frames).IsWhole();
        Assert.Equal(0, heard.SkippedBytes);
        Assert.Equal(type, Assert.Single(heard.Facts).ContentType);
    }

    [Theory]
    [InlineData("/plain.aac", "audio/aacp")]
    [InlineData("/aacasmp3.mp3", "audio/mpeg")]
    public async Task Every_aac_frame_arrives_as_it_was_sent(string path, string type)
    {
        var heard = await HearAsync(path);

        AudioChecks.Compare((await TestAudio.AdtsAsync()).Frames, heard.Frames).IsWhole();
        Assert.Equal(0, heard.SkippedBytes);
        Assert.Equal(type, Assert.Single(heard.Facts).ContentType);
    }

    [Theory]
    [InlineData("/redir", "/plain.mp3")]
    [InlineData("/redirrel", "/v1.mp3")]
    [InlineData("/redirauth", "/auth.mp3")]
    [InlineData("/list.pls", "/plain.mp3")]
    [InlineData("/list.m3u", "/plain.mp3")]
    [InlineData("/listmpg.m3u", "/plain.mp3")]
    public async Task What_points_elsewhere_is_followed(string path, string playing)
    {
        await using var server = await StartAsync();

        var heard = await HearAsync(server, server.Url(path));

        AudioChecks.Compare((await TestAudio.Mp3Async()).Frames, heard.Frames).IsWhole();
        Assert.Equal(server.Url(playing).AbsoluteUri, Assert.Single(heard.Facts).Url);
        Assert.Equal(1, server.RequestsOf(playing));
    }

    [Fact]
    public async Task A_playlist_goes_past_an_entry_that_is_dead()
    {
        await using var server = await StartAsync();

        await HearAsync(server, server.Url("/list.pls"));

        Assert.Equal("/list.pls /dead.mp3 /plain.mp3", string.Join(' ', server.Requests.Select(r => r.Path)));
    }

    [Theory]
    [InlineData("/id3.mp3", 2010)]
    [InlineData("/half.mp3", 0)]
    public async Task What_stands_before_the_first_frame_is_skipped(string path, int skipped)
    {
        var mp3 = await TestAudio.Mp3Async();

        var heard = await HearAsync(path);

        AudioChecks.Compare(mp3.Frames, heard.Frames).IsWhole();
        Assert.Equal(skipped > 0 ? skipped : mp3.Frames[^1].Length - 200, heard.SkippedBytes);
    }

    [Fact]
    public async Task Garbage_in_the_middle_costs_the_frame_that_it_follows_and_no_other()
    {
        var mp3 = await TestAudio.Mp3Async();

        var heard = await HearAsync("/garbage.mp3");

        // Nothing tells that frame from the half frame that an encoder leaves when it is switched.
        var followed = mp3.Frames.Where((_, i) => i % 20 != 19).ToList();
        Assert.Equal(new FrameComparison(0, heard.Frames.Count - 1, 0, 0, 0, 0), AudioChecks.Compare(followed, heard.Frames));
        Assert.InRange(heard.SkippedBytes, 6 * 1417, 8 * 1419);
    }

    [Fact]
    public async Task A_complete_chunked_body_arrives_to_its_last_frame()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var server = new FaultServer();
        server.Map("/", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.1 200 OK", "Transfer-Encoding: chunked");
            c.UseChunks();
            await c.SendBodyAsync(mp3.Bytes(0, 200));
            await c.EndChunksAsync();
        });

        var (end, heard) = await ToEndAsync(server, "/");

        Assert.Equal(EndCause.Ended, end.Cause);
        Assert.Equal(new FrameComparison(0, 199, 0, 0, 0, 0), AudioChecks.Compare(mp3.Frames, heard.Frames));
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(8192)]
    [InlineData(417)]
    [InlineData(100)]
    public async Task A_title_stands_before_the_frames_that_it_was_sent_with(int interval)
    {
        var mp3 = await TestAudio.Mp3Async();
        var number = 0;
        await using var server = new FaultServer();
        server.Map("/", async c =>
        {
            await c.SendHeadersAsync("ICY 200 OK", $"icy-metaint:{interval}");
            c.UseIcy(interval, () => $"song {++number / 40}; it's \"quoted\"");
            await c.SendBodyAsync(mp3.Bytes(0, 300));
        });

        var (_, heard) = await ToEndAsync(server, "/");

        var ends = Enumerable.Range(1, 300).Select(n => (long)mp3.Frames.Take(n).Sum(f => f.Length)).ToList();
        Assert.Equal(new FrameComparison(0, 299, 0, 0, 0, 0), AudioChecks.Compare(mp3.Frames, heard.Frames));
        Assert.Equal(number / 40 + 1, heard.Titles.Count);
        foreach (var (title, frame) in heard.Titles)
        {
            var song = heard.Titles.ToList().FindIndex(t => t.Title == title);
            var at = (song == 0 ? 1 : song * 40) * (long)interval;
            Assert.Equal($"song {song}; it's \"quoted\"", title);
            Assert.InRange(at, frame == 0 ? 0 : ends[frame - 1], ends[frame] + (song == 0 ? 2000 : 10));
        }
    }

    private static async Task<CollectingSink> HearAsync(string path)
    {
        await using var server = await StartAsync();
        return await HearAsync(server, server.Url(path));
    }

    private static async Task<CollectingSink> HearAsync(FaultServer server, Uri url)
    {
        await using var listener = await StreamListener.StartAsync();
        var sink = new CollectingSink(Enough);
        var end = await listener.RunAsync(url, sink);
        Assert.Equal(CollectingSink.Enough, end);
        Assert.InRange(sink.Frames.Count, Enough, int.MaxValue);
        await Wait.UntilAsync(() => server.OpenOf(url.AbsolutePath) == 0, TimeSpan.FromSeconds(10), "the server still has the connection");
        return sink;
    }

    private static async Task<(ConnectionEnd End, CollectingSink Sink)> ToEndAsync(FaultServer server, string path)
    {
        await using var listener = await StreamListener.StartAsync();
        var sink = new CollectingSink();
        var end = await listener.RunAsync(server.Url(path), sink);
        return (end, sink);
    }

    private static async Task<FaultServer> StartAsync()
    {
        var server = new FaultServer();
        await OddServers.MapAsync(server, burstSeconds: 4);
        return server;
    }
}
