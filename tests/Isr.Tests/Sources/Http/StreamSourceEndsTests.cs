using System.Net;
using System.Net.Sockets;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Http;

/// <summary>Whatever a server does, the connection ends for a reason that people and the journal can read.</summary>
public sealed class StreamSourceEndsTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 12, 30, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("/html", nameof(EndCause.Refused), "/html is a page or text, no audio (type text/html)")]
    [InlineData("/missing", nameof(EndCause.Refused), "/missing has no such stream now (404)")]
    [InlineData("/503", nameof(EndCause.Refused), "/503 is in trouble (503)")]
    [InlineData("/auth.mp3", nameof(EndCause.Refused), "/auth.mp3 wants a user name and password (401), or these are wrong: see username and password")]
    [InlineData("/hls.m3u8", nameof(EndCause.Unsupported), "/hls.m3u8 is HLS, which is not recorded: give the address of an MP3 or AAC stream")]
    [InlineData("/oggasmp3.mp3", nameof(EndCause.Unsupported), "/oggasmp3.mp3 is Ogg (Vorbis, Opus or FLAC), which is not recorded yet")]
    [InlineData("/native.flac", nameof(EndCause.Unsupported), "/native.flac is FLAC, which is not recorded yet")]
    [InlineData("/nativenohdr.flac", nameof(EndCause.Unsupported), "/nativenohdr.flac is FLAC, which is not recorded yet")]
    public async Task What_is_no_stream_to_record_says_what_it_is(string path, string cause, string sentence)
    {
        await using var server = await StartAsync();

        var (end, sink) = await RunAsync(server, path);

        Assert.Equal(Enum.Parse<EndCause>(cause), end.Cause);
        Assert.EndsWith($"127.0.0.1:{server.Port}{sentence}", end.Sentence, StringComparison.Ordinal);
        Assert.Empty(sink.Facts);
    }

    [Fact]
    public async Task A_redirect_to_itself_is_given_up()
    {
        await using var server = await StartAsync();

        var (end, _) = await RunAsync(server, "/loop");

        Assert.Equal(EndCause.Refused, end.Cause);
        Assert.Equal($"more than 10 redirects or playlist entries, the last {server.Url("/loop")}", end.Sentence);
        Assert.Equal(10, server.RequestsOf("/loop"));
    }

    [Theory]
    [InlineData("3", 3.0)]
    [InlineData("Sat, 23 May 2026 12:30:45 GMT", 45.0)]
    [InlineData("soon", null)]
    [InlineData("99999999999999999999", null)]
    public async Task How_long_to_stay_away_is_kept(string retryAfter, double? seconds)
    {
        await using var server = new FaultServer();
        server.Map("/", c => c.SendHeadersAsync("HTTP/1.1 503 Busy", $"Retry-After: {retryAfter}", "Content-Length: 0"));

        var (end, _) = await RunAsync(server, "/");

        Assert.Equal(EndCause.Refused, end.Cause);
        Assert.Equal(seconds, end.RetryAfter?.TotalSeconds);
    }

    [Theory]
    [InlineData("", OddServers.UserName)]
    [InlineData($"{OddServers.UserName}:{OddServers.Password}@", null)]
    [InlineData($"{OddServers.UserName}:%73ecret@", "somebody")]
    public async Task The_right_keys_open(string userInfo, string? username)
    {
        await using var server = await StartAsync();
        await using var listener = await StreamListener.StartAsync(_time);
        var sink = new CollectingSink(20);

        var end = await listener.RunAsync([new Uri($"http://{userInfo}127.0.0.1:{server.Port}/auth.mp3")], sink, username, TestContext.Current.CancellationToken);

        Assert.Equal(CollectingSink.Enough, end);
        Assert.Equal(server.Url("/auth.mp3").AbsoluteUri, sink.Facts[0].Url);
    }

    [Fact]
    public async Task A_password_does_not_follow_a_redirect_to_another_server()
    {
        await using var other = await StartAsync();
        await using var server = new FaultServer();
        server.Map("/", c => c.SendHeadersAsync("HTTP/1.1 302 Found", $"Location: {other.Url("/auth.mp3")}", "Content-Length: 0"));
        await using var listener = await StreamListener.StartAsync(_time);

        var end = await listener.RunAsync([server.Url("/")], new CollectingSink(), OddServers.UserName, TestContext.Current.CancellationToken);

        Assert.Contains("(401)", end.Sentence, StringComparison.Ordinal);
        Assert.True(Assert.Single(server.Requests).Headers.ContainsKey("Authorization"));
        Assert.False(Assert.Single(other.Requests).Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task A_finite_body_is_heard_and_known_as_finite()
    {
        await using var server = await StartAsync();

        var (end, sink) = await RunAsync(server, "/finite.mp3");

        Assert.Equal(new ConnectionEnd(EndCause.Ended, $"{server.Url("/finite.mp3")} closed the connection"), end);
        Assert.True(Assert.Single(sink.Facts).IsFinite);
        Assert.Equal((await TestAudio.Mp3Async()).Frames.Count, sink.Frames.Count);
    }

    [Fact]
    public async Task A_body_that_is_shorter_than_its_length_is_broken()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var server = await StartAsync();

        var (end, sink) = await RunAsync(server, "/short.mp3");

        Assert.Equal(EndCause.Broken, end.Cause);
        Assert.StartsWith($"the connection to {server.Url("/short.mp3")} broke: ", end.Sentence, StringComparison.Ordinal);
        // The last one might be half of what the server had.
        Assert.InRange(sink.Frames.Count, 143, 144);
        AudioChecks.Compare(mp3.Frames, sink.Frames).IsWhole();
    }

    [Fact]
    public async Task A_reset_in_the_middle_is_broken()
    {
        await using var server = await StartAsync(TimeSpan.Zero);

        var (end, sink) = await RunAsync(server, "/rst.mp3");

        Assert.Equal(EndCause.Broken, end.Cause);
        Assert.StartsWith($"the connection to {server.Url("/rst.mp3")} broke: ", end.Sentence, StringComparison.Ordinal);
        AudioChecks.Compare((await TestAudio.Mp3Async()).Frames, sink.Frames).IsWhole();
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_left_after_the_limit()
    {
        await using var server = await StartAsync(TimeSpan.Zero);
        await using var listener = await StreamListener.StartAsync(_time);
        var sink = new CollectingSink();
        var running = listener.RunAsync(server.Url("/stall.mp3"), sink);
        await Wait.UntilAsync(() => sink.Frames.Count >= 150, s_patience, () => $"{sink.Frames.Count} frames");
        await AdvanceAsync(TimeSpan.FromSeconds(29));

        Assert.False(running.IsCompleted);
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        var end = await running.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal(new ConnectionEnd(EndCause.Silence, $"nothing came from {server.Url("/stall.mp3")} for 30 s"), end);
    }

    [Fact]
    public async Task A_server_that_says_nothing_after_its_headers_is_left_after_the_limit()
    {
        await using var server = new FaultServer();
        server.Map("/", async c =>
        {
            await c.SendHeadersAsync("ICY 200 OK");
            await c.HangAsync();
        });
        await using var listener = await StreamListener.StartAsync(_time);
        var running = listener.RunAsync(server.Url("/"), new CollectingSink());
        await server.WaitForRequestsAsync("/", 1, s_patience);
        // The timer of the answer is gone when the answer is there; the watch's remains.
        await Wait.UntilAsync(() => _time.PendingTimers == 1, s_patience, () => $"{_time.PendingTimers} timers");

        await AdvanceAsync(TimeSpan.FromSeconds(31));
        var end = await running.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal(EndCause.Silence, end.Cause);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_left_after_15_s()
    {
        await using var server = await StartAsync();
        await using var listener = await StreamListener.StartAsync(_time);
        var running = listener.RunAsync(server.Url("/hang"), new CollectingSink());
        await server.WaitForRequestsAsync("/hang", 1, s_patience);
        await AdvanceAsync(TimeSpan.FromSeconds(14));

        Assert.False(running.IsCompleted);
        await AdvanceAsync(TimeSpan.FromSeconds(2));
        var end = await running.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.Equal(new ConnectionEnd(EndCause.Unreachable, $"{server.Url("/hang")} did not answer within 15 s"), end);
    }

    [Fact]
    public async Task A_port_where_nothing_listens_refuses()
    {
        using var reserved = new Socket(SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)reserved.LocalEndPoint!).Port;
        await using var listener = await StreamListener.StartAsync(_time);

        var end = await listener.RunAsync(new Uri($"http://rec:secret@127.0.0.1:{port}/live"), new CollectingSink());

        Assert.Equal(new ConnectionEnd(EndCause.Unreachable, $"127.0.0.1:{port} refuses connections (nothing listens there)"), end);
    }

    [Fact]
    public async Task A_name_that_nobody_has_cannot_be_resolved()
    {
        await using var listener = await StreamListener.StartAsync(_time);

        var end = await listener.RunAsync(new Uri("http://rec:secret@no.such.name.invalid/live"), new CollectingSink());

        Assert.Equal(new ConnectionEnd(EndCause.Unreachable, "the name no.such.name.invalid cannot be resolved"), end);
    }

    [Theory]
    [InlineData("/missing")]
    [InlineData("/html")]
    [InlineData("/loop")]
    [InlineData("/oggasmp3.mp3")]
    [InlineData("/empty")]
    [InlineData("/emptylist")]
    public async Task The_next_address_is_tried_when_one_has_no_audio(string path)
    {
        await using var server = await StartAsync();
        server.Map("/empty", c => c.SendHeadersAsync("HTTP/1.1 200 OK", "Content-Length: 0"));
        server.Map("/emptylist", c => c.SendAsync("HTTP/1.0 200 OK\r\n\r\n[playlist]\nNumberOfEntries=0\n"));
        await using var listener = await StreamListener.StartAsync(_time);
        var sink = new CollectingSink(20);

        var end = await listener.RunAsync([server.Url(path), server.Url("/plain.mp3")], sink, null, TestContext.Current.CancellationToken);

        Assert.Equal(CollectingSink.Enough, end);
        Assert.Equal(server.Url("/plain.mp3").AbsoluteUri, Assert.Single(sink.Facts).Url);
    }

    [Fact]
    public async Task The_next_address_is_not_tried_when_one_had_audio()
    {
        await using var server = await StartAsync();
        await using var listener = await StreamListener.StartAsync(_time);

        var end = await listener.RunAsync([server.Url("/short.mp3"), server.Url("/plain.mp3")], new CollectingSink(), null, TestContext.Current.CancellationToken);

        Assert.Equal(EndCause.Broken, end.Cause);
        Assert.Equal(0, server.RequestsOf("/plain.mp3"));
    }

    [Theory]
    [InlineData("/hang")]
    [InlineData("/headers")]
    [InlineData("/silent")]
    [InlineData("/list")]
    [InlineData("/plain.mp3")]
    public async Task A_stop_ends_it_at_once(string path)
    {
        await using var server = await StartAsync();
        MapHalves(server);
        await using var listener = await StreamListener.StartAsync(_time);
        using var stop = new CancellationTokenSource();
        var sink = new CollectingSink();
        var running = listener.RunAsync([server.Url(path), server.Url("/backup")], sink, null, stop.Token);
        await server.WaitForRequestsAsync(path, 1, s_patience);
        await Wait.UntilAsync(() => path != "/plain.mp3" || sink.Frames.Count > 100, s_patience, "no frames");

        await stop.CancelAsync();

        Assert.Equal(ConnectionEnd.Stopped, await running.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
        Assert.Equal(0, server.RequestsOf("/backup"));
        await Wait.UntilAsync(() => server.OpenOf(path) == 0, s_patience, "the connection is left open");
    }

    [Fact]
    public async Task A_stop_ends_a_connection_that_does_not_come_to_be()
    {
        // A backlog that is full: the kernel drops what comes after, and the connection stays in the air.
        using var full = new Socket(SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(full.LocalEndPoint!, TestContext.Current.CancellationToken);
        await using var listener = await StreamListener.StartAsync(_time);
        using var stop = new CancellationTokenSource();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)full.LocalEndPoint!).Port}/");

        var running = listener.RunAsync([url], new CollectingSink(), null, stop.Token);
        await Wait.UntilAsync(() => _time.PendingTimers == 2, s_patience, "it does not connect");
        await stop.CancelAsync();

        Assert.Equal(ConnectionEnd.Stopped, await running.WaitAsync(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken));
    }

    private static void MapHalves(FaultServer server)
    {
        void Hanging(string path, string text) => server.Map(path, async c =>
        {
            await c.SendAsync(text);
            await c.HangAsync();
        });

        Hanging("/headers", "HTTP/1.0 200 OK\r\nContent-Ty");
        Hanging("/silent", "HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n");
        Hanging("/list", "HTTP/1.0 200 OK\r\n\r\n[playlist]\nNumberOfEntries=1\nTitle1=a list that goes on and on and on\n");
    }

    private static async Task<FaultServer> StartAsync(TimeSpan? faultAfter = null)
    {
        var server = new FaultServer();
        await OddServers.MapAsync(server, faultAfter, burstSeconds: 4);
        return server;
    }

    private async Task<(ConnectionEnd End, CollectingSink Sink)> RunAsync(FaultServer server, string path)
    {
        await using var listener = await StreamListener.StartAsync(_time);
        var sink = new CollectingSink();
        var end = await listener.RunAsync(server.Url(path), sink);
        return (end, sink);
    }

    /// <summary>Second by second, so that the watch looks each time.</summary>
    private async Task AdvanceAsync(TimeSpan time)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
