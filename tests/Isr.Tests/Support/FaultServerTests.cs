using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Isr.Tests.Support;

public sealed class FaultServerTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_counts_and_remembers_what_was_asked()
    {
        await using var server = new FaultServer();
        server.Map("/a", c => c.SendHeadersAsync("HTTP/1.0 200 OK"));
        await using var one = await RawTap.StartAsync(server.Url("/a?x=1"), null, "User-Agent: test");
        await using var two = await RawTap.StartAsync(server.Url("/a"));
        await using var three = await RawTap.StartAsync(server.Url("/b"));

        await server.WaitForRequestsAsync("/a", 2, s_patience);

        Assert.Equal(2, server.RequestsOf("/a"));
        Assert.Equal("/a?x=1", server.Requests.First().Target);
        Assert.Equal("test", server.Requests.First().Headers["user-agent"]);
        Assert.StartsWith("HTTP/1.0 404", three.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_come_as_they_sound_after_the_burst()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var server = new FaultServer();
        server.Map("/live", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK");
            await c.SendFramesAsync(mp3.Frames.Take(80), mp3.PerFrame, burstSeconds: 1);
        });
        var started = Stopwatch.GetTimestamp();

        await using var tap = await RawTap.StartAsync(server.Url("/live"));
        await tap.Ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        // 80 frames are 2.09 s; the last is sent when it begins to sound.
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1, 5);
        Assert.Equal(mp3.Bytes(0, 80), tap.Body);
    }

    [Fact]
    public async Task A_listener_who_comes_back_hears_what_is_on_then()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var server = new FaultServer();
        server.Map("/live", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK");
            await c.SendLiveAsync(mp3, burstSeconds: 1, lasts: TimeSpan.FromSeconds(0.5));
        });

        await using var first = await RawTap.StartAsync(server.Url("/live"));
        await first.Ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);
        await using var second = await RawTap.StartAsync(server.Url("/live"));
        await second.Ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);

        var one = AudioChecks.Compare(mp3.Frames, FrameSplitter.Mp3(first.Body));
        var two = AudioChecks.Compare(mp3.Frames, FrameSplitter.Mp3(second.Body));
        one.IsWhole();
        two.IsWhole();
        Assert.InRange(two.First, one.First + 15, one.Last);
        Assert.True(two.Last > one.Last);
    }

    [Fact]
    public async Task A_reset_is_a_reset_and_a_close_is_none()
    {
        await using var server = new FaultServer();
        server.Map("/reset", c => c.ResetAsync());
        server.Map("/close", c => c.CloseAsync());

        Assert.Equal(SocketError.ConnectionReset, await ReadAsync(server, "/reset"));
        Assert.Equal(SocketError.Success, await ReadAsync(server, "/close"));
    }

    [Fact]
    public async Task Who_hangs_says_nothing_until_the_client_leaves()
    {
        await using var server = new FaultServer();
        server.Map("/hang", c => c.HangAsync());
        using (var client = new HttpClient { Timeout = TimeSpan.FromMilliseconds(300) })
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(server.Url("/hang"), TestContext.Current.CancellationToken));
        }

        await Wait.UntilAsync(() => server.OpenOf("/hang") == 0, s_patience, "the conversation goes on");
        Assert.Equal(1, server.RequestsOf("/hang"));
    }

    [Fact]
    public async Task Chunks_and_titles_are_as_the_framework_reads_them()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var server = new FaultServer();
        server.Map("/both", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "icy-metaint: 1000");
            c.UseChunks();
            c.UseIcy(1000, () => "It's; Bär");
            await c.SendFramesAsync(mp3.Frames.Take(10), TimeSpan.Zero);
            await c.EndChunksAsync();
        });
        using var client = new HttpClient();

        var body = await client.GetByteArrayAsync(server.Url("/both"), TestContext.Current.CancellationToken);

        var audio = mp3.Bytes(0, 10);
        var text = Encoding.UTF8.GetBytes("StreamTitle='It's; Bär';StreamUrl='';");
        Assert.Equal(audio[..1000], body[..1000]);
        Assert.Equal(3, body[1000]);
        Assert.Equal(text, body[1001..(1001 + text.Length)]);
        Assert.Equal(audio[1000..2000], body[1049..2049]);
        Assert.Equal(0, body[2049]);
        Assert.Equal(audio.Length + 4 + 48, body.Length);
    }

    [Fact]
    public async Task A_script_that_fails_fails_the_test()
    {
        var server = new FaultServer();
        server.Map("/wrong", _ => throw new InvalidOperationException("on purpose"));

        Assert.Equal(SocketError.Success, await ReadAsync(server, "/wrong"));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.DisposeAsync());
    }

    [Fact]
    public async Task A_server_goes_down_while_clients_listen()
    {
        var server = new FaultServer();
        await OddServers.MapAsync(server);
        await using var tap = await RawTap.StartAsync(server.Url("/plain.mp3"));

        await server.DisposeAsync();

        await tap.Ended.WaitAsync(s_patience, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks, and says how the connection ended.</summary>
    private static async Task<SocketError> ReadAsync(FaultServer server, string path)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\n\r\n"), TestContext.Current.CancellationToken);
        try
        {
            while (await socket.ReceiveAsync(new byte[1000], TestContext.Current.CancellationToken) > 0)
            {
            }

            return SocketError.Success;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode;
        }
    }
}
