using System.Net;
using System.Text;

namespace Isr.Tests.Support;

public sealed class OddServersTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("/v1.mp3", "ICY 200 OK\r\n", "content-type:audio/mpeg")]
    [InlineData("/v1noct.mp3", "ICY 200 OK\r\n", "icy-name:v1")]
    [InlineData("/plain.mp3", "HTTP/1.0 200 OK\r\n", "Content-Type: audio/mpeg")]
    [InlineData("/octet.mp3", "HTTP/1.0 200 OK\r\n", "application/octet-stream")]
    [InlineData("/mp3asaac.aac", "HTTP/1.0 200 OK\r\n", "Content-Type: audio/aac")]
    [InlineData("/bighdr", "HTTP/1.0 200 OK\r\n", "aaaaaaaa")]
    [InlineData("/half.mp3", "HTTP/1.0 200 OK\r\n", "Content-Type: audio/mpeg")]
    [InlineData("/garbage.mp3", "HTTP/1.0 200 OK\r\n", "Content-Type: audio/mpeg")]
    [InlineData("/flap.mp3", "HTTP/1.0 200 OK\r\n", "Content-Type: audio/mpeg")]
    public async Task Those_that_play_mp3_play_frames(string path, string status, string header)
    {
        await using var server = await StartAsync();

        await using var tap = await RawTap.StartAsync(server.Url(path));
        await tap.WaitForBytesAsync(10_000, s_patience);

        Assert.StartsWith(status, tap.Head, StringComparison.Ordinal);
        Assert.Contains(header, tap.Head, StringComparison.Ordinal);
        var mp3 = await TestAudio.Mp3Async();
        var body = tap.Body;
        Assert.InRange(mp3.Frames.Count(f => body.AsSpan().IndexOf(f.Span) >= 0), 20, 1000);
    }

    [Theory]
    [InlineData("/plain.aac", "audio/aacp")]
    [InlineData("/aacasmp3.mp3", "audio/mpeg")]
    public async Task Those_that_play_aac_play_frames(string path, string type)
    {
        await using var server = await StartAsync();

        await using var tap = await RawTap.StartAsync(server.Url(path));
        await tap.WaitForBytesAsync(10_000, s_patience);

        Assert.EndsWith(type, tap.Head, StringComparison.Ordinal);
        AudioChecks.Compare((await TestAudio.AdtsAsync()).Frames, FrameSplitter.Adts(tap.Body, allowCutEnd: true)).IsWhole();
    }

    [Theory]
    [InlineData("/oggasmp3.mp3", "OggS")]
    [InlineData("/native.flac", "fLaC")]
    [InlineData("/id3.mp3", "ID3")]
    public async Task Some_begin_with_a_header(string path, string magic)
    {
        await using var server = await StartAsync();

        await using var tap = await RawTap.StartAsync(server.Url(path));
        await tap.WaitForBytesAsync(5_000, s_patience);

        Assert.Equal(magic, Encoding.ASCII.GetString(tap.Body, 0, magic.Length));
    }

    [Theory]
    [InlineData("/forcedicy.mp3")]
    [InlineData("/v1.mp3")]
    public async Task Titles_come_after_8192_bytes(string path)
    {
        await using var server = await StartAsync();

        await using var tap = await RawTap.StartAsync(server.Url(path), null, "Icy-MetaData: 1");
        await tap.WaitForBytesAsync(9_000, s_patience);

        Assert.Contains("icy-metaint:8192", tap.Head, StringComparison.Ordinal);
        Assert.StartsWith("StreamTitle='v1 song ", Encoding.UTF8.GetString(tap.Body, 8193, 60), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chunked_ones_are_read_by_the_framework()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient();
        var frames = (await TestAudio.Mp3Async()).Frames;

        var ended = await client.GetByteArrayAsync(server.Url("/chunkedend.mp3"), TestContext.Current.CancellationToken);
        await using var endless = await client.GetStreamAsync(server.Url("/chunked.mp3"), TestContext.Current.CancellationToken);
        var some = new byte[8000];
        await endless.ReadExactlyAsync(some, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url("/chunkedicy.mp3")) { Headers = { { "Icy-MetaData", "1" } } };
        using var titled = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        AudioChecks.Compare(frames, FrameSplitter.Mp3(ended)).IsWhole();
        AudioChecks.Compare(frames, FrameSplitter.Mp3(some, allowCutEnd: true)).IsWhole();
        Assert.Equal("8192", Assert.Single(titled.Headers.GetValues("icy-metaint")));
    }

    [Fact]
    public async Task Those_that_break_break()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient();
        var cancellationToken = TestContext.Current.CancellationToken;

        await using var reset = await RawTap.StartAsync(server.Url("/rst.mp3"));
        await reset.Ended.WaitAsync(s_patience, cancellationToken);
        await using var stall = await RawTap.StartAsync(server.Url("/stall.mp3"));
        await stall.WaitForBytesAsync(35_000, s_patience);
        var shorter = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetByteArrayAsync(server.Url("/short.mp3"), cancellationToken));

        Assert.IsType<HttpIOException>(shorter.InnerException);
        Assert.False(stall.Ended.IsCompleted);
        await using var gone = await RawTap.StartAsync(server.Url("/flap.mp3"));
        await gone.Ended.WaitAsync(s_patience, cancellationToken);
        await using var still = await RawTap.StartAsync(server.Url("/flap.mp3"));
        Assert.StartsWith("HTTP/1.0 200", gone.Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.0 404", still.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finite_files_come_whole_and_at_once()
    {
        await using var server = await StartAsync();
        var mp3 = await TestAudio.Mp3Async();
        using var client = new HttpClient();

        var told = await client.GetByteArrayAsync(server.Url("/finite.mp3"), TestContext.Current.CancellationToken);
        var untold = await client.GetByteArrayAsync(server.Url("/finitenolength.mp3"), TestContext.Current.CancellationToken);

        Assert.Equal(mp3.Bytes(0, mp3.Frames.Count), told);
        Assert.Equal(told, untold);
    }

    [Fact]
    public async Task Redirects_and_refusals_are_what_they_say()
    {
        await using var server = await StartAsync();
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler);
        async Task<HttpResponseMessage> GetAsync(string path) =>
            await client.GetAsync(server.Url(path), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal(server.Url("/plain.mp3"), (await GetAsync("/redir")).Headers.Location);
        Assert.Equal("/v1.mp3", (await GetAsync("/redirrel")).Headers.Location?.OriginalString);
        Assert.Equal("/loop", (await GetAsync("/loop")).Headers.Location?.OriginalString);
        Assert.Equal("rec:secret", (await GetAsync("/redirauth")).Headers.Location?.UserInfo);
        Assert.Equal(TimeSpan.FromSeconds(3), (await GetAsync("/503")).Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/auth.mp3")).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("rec:secret"u8));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/auth.mp3")).StatusCode);
    }

    [Theory]
    [InlineData("/list.pls", "audio/x-scpls", "/plain.mp3")]
    [InlineData("/list.m3u", "audio/mpegurl", "/plain.mp3")]
    [InlineData("/listmpg.m3u", "audio/mpeg", "/plain.mp3")]
    [InlineData("/hls.m3u8", "application/vnd.apple.mpegurl", "#EXT-X-TARGETDURATION")]
    [InlineData("/html", "text/html", "not audio")]
    public async Task Texts_are_texts(string path, string type, string holds)
    {
        await using var server = await StartAsync();
        using var client = new HttpClient();

        using var answer = await client.GetAsync(server.Url(path), TestContext.Current.CancellationToken);

        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains(holds, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_line_feeds_end_headers_too()
    {
        await using var server = await StartAsync();
        using var client = new HttpClient();

        using var answer = await client.GetAsync(server.Url("/lf.mp3"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        Assert.Equal("audio/mpeg", answer.Content.Headers.ContentType?.MediaType);
    }

    private static async Task<FaultServer> StartAsync()
    {
        var server = new FaultServer();
        await OddServers.MapAsync(server, TimeSpan.FromSeconds(0.3));
        return server;
    }
}
