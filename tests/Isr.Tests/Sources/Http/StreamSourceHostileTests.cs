using System.Net.Sockets;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Http;

/// <summary>Servers that break off anywhere, and servers that mean harm.</summary>
public sealed class StreamSourceHostileTests(ITestOutputHelper output)
{
    private const int SweptFrames = 40;

    public static TheoryData<string> Heads => new(
        "ICY 200 OK\r\nicy-name:x\r\nicy-metaint:1000\r\n\r\n",
        "HTTP/1.0 200 OK\nContent-Type: audio/mpeg\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 16718\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nicy-metaint: 1000\r\n\r\n");

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task A_break_at_any_byte_leaves_only_whole_frames(string head)
    {
        var mp3 = await TestAudio.Mp3Async();
        var answer = await AnswerAsync(head, mp3);
        ReadOnlyMemory<byte>[] sent = [.. mp3.Frames.Take(SweptFrames)];
        await using var server = new FaultServer();
        var offsets = Offsets(answer.Length, head.Length, mp3.Frames[0].Length);
        foreach (var offset in offsets)
        {
            server.Map($"/close{offset}", c => c.SendAsync(answer.AsMemory(0, offset)));
            server.Map($"/reset{offset}", async c =>
            {
                await c.SendAsync(answer.AsMemory(0, offset));
                await c.ResetAsync();
            });
        }

        await using var listener = await StreamListener.StartAsync();
        foreach (var path in offsets.SelectMany(o => new[] { $"/close{o}", $"/reset{o}" }))
        {
            var sink = new HeardStream();
            var end = await listener.RunAsync(server.Url(path), sink);

            Assert.True(end.Cause is EndCause.Ended or EndCause.Broken or EndCause.Unreachable or EndCause.Refused, $"{path}: {end}");
            Assert.False(string.IsNullOrWhiteSpace(end.Sentence));
            if (sink.Frames.Count > 0)
            {
                Assert.Equal((path, new FrameComparison(0, sink.Frames.Count - 1, 0, 0, 0, 0)), (path, AudioChecks.Compare(sent, sink.Frames)));
            }

            Assert.All(sink.Titles, t => Assert.Equal("a title that fills some bytes", t.Title));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Garbage_without_end_is_refused_after_64_kilobytes(int seed)
    {
        var sent = 0;
        var random = new Random(seed);
        await using var server = new FaultServer();
        server.Map("/", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            var piece = new byte[1024];
            while (true)
            {
                // Without 0xFF there is no frame in it.
                Array.ForEach(Enumerable.Range(0, piece.Length).ToArray(), i => piece[i] = (byte)random.Next(255));
                await c.SendBodyAsync(piece);
                sent += piece.Length;
            }
        });

        var (end, sink) = await RunAsync(server);

        Assert.Equal(EndCause.Refused, end.Cause);
        Assert.Matches($"^no audio that is known here in the first (6[5-9]|[7-9][0-9]|1[0-3][0-9])[0-9]{{3}} bytes from {server.Url("/")} \\(type audio/mpeg\\)$", end.Sentence);
        Assert.Empty(sink.Facts);
    }

    [Theory]
    [InlineData("X: y\r\n")]
    [InlineData("X-Long-Header-Without-An-End")]
    public async Task Headers_without_end_are_refused(string piece)
    {
        await using var server = new FaultServer();
        server.Map("/", async c =>
        {
            await c.SendAsync("HTTP/1.0 200 OK\r\n");
            var pieces = string.Concat(Enumerable.Repeat(piece, 1000));
            while (true)
            {
                await c.SendAsync(pieces);
            }
        });

        var (end, _) = await RunAsync(server);

        Assert.Equal(new ConnectionEnd(EndCause.Unreachable, $"127.0.0.1:{server.Port} sends more than 512 kB of headers"), end);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("99999999999")]
    [InlineData("1048577")]
    [InlineData("abc")]
    [InlineData("8192, 8192")]
    public async Task An_interval_that_is_nonsense_is_refused(string interval)
    {
        await using var server = new FaultServer();
        server.Map("/", c => c.SendHeadersAsync("ICY 200 OK", $"icy-metaint:{interval}"));

        var (end, _) = await RunAsync(server);

        Assert.Equal(new ConnectionEnd(EndCause.Refused, $"{server.Url("/")} sends an icy-metaint that is no number from 1 to 1048576"), end);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("")]
    public async Task An_interval_of_nothing_means_no_titles(string interval)
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var server = new FaultServer();
        server.Map("/", async c =>
        {
            await c.SendHeadersAsync("ICY 200 OK", $"icy-metaint:{interval}");
            await c.SendBodyAsync(mp3.Bytes(0, 100));
        });

        var (end, sink) = await RunAsync(server);

        Assert.Equal(EndCause.Ended, end.Cause);
        Assert.Equal(new FrameComparison(0, 99, 0, 0, 0, 0), AudioChecks.Compare(mp3.Frames, sink.Frames));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n\r\n")]
    [InlineData("\u001b[31mHELLO \u0007\u0085 secret?\r\n\r\n")]
    [InlineData("ICY\r\n\r\n")]
    [InlineData("ICY 401 Service Unavailable\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\u001b\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon \u001b\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: file:///etc/passwd\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: http://u:p%zz@127.0.0.1:0/%zz?%\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: //127.0.0.1:1/\u00c3\u00a9\u0001\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n[playlist]\nFile1=http://[::1\nFile2=ftp://127.0.0.1/\nFile3=http://127.0.0.1:99999/\n")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Type: \u001b;;;=\r\nContent-Length: 4\r\nicy-name: \u0007\u009b31m\r\n\r\nabcd")]
    public async Task A_strange_answer_ends_with_a_sentence(string answer)
    {
        await using var server = new FaultServer();
        server.Map("/", c => c.SendAsync(answer.Replace("secret", "", StringComparison.Ordinal)));

        var (end, sink) = await RunAsync(server);

        Assert.True(end.Cause is EndCause.Unreachable or EndCause.Refused or EndCause.Ended or EndCause.Broken, end.ToString());
        Assert.InRange(end.Sentence.Length, 10, 300);
        Assert.Empty(sink.Frames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Type: audio/x-scpls\r\n\r\nFile1=http://127.0.0.1:1/")]
    public async Task What_a_server_says_at_length_is_cut(string start)
    {
        await using var server = new FaultServer();
        server.Map("/", c => c.SendAsync($"{start}{new string('z', 4000)}\r\n\r\n"));

        var (end, _) = await RunAsync(server);

        Assert.True(end.Cause is EndCause.Unreachable or EndCause.Broken or EndCause.Refused, end.ToString());
        Assert.InRange(end.Sentence.Length, 10, 300);
    }

    [Fact]
    public async Task A_redirect_in_utf_8_is_understood()
    {
        await using var server = new FaultServer();
        server.Map("/", c => c.SendHeadersAsync("HTTP/1.1 302 Found", "Location: /caf\u00c3\u00a9.mp3", "Content-Length: 0"));

        await RunAsync(server);

        Assert.Equal("/ /caf%C3%A9.mp3", string.Join(' ', server.Requests.Select(r => r.Target)));
    }

    [Fact]
    public async Task Chance_in_place_of_a_server_ends_with_a_sentence()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var server = new FaultServer();
        await using var listener = await StreamListener.StartAsync();
        string[] starts = ["", "ICY 200 OK\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "ICY 200 OK\r\nicy-metaint:7\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: /"];
        for (var round = 0; round < 120; round++)
        {
            var bytes = new byte[random.Next(3000)];
            random.NextBytes(bytes);
            server.Map("/", async c =>
            {
                await c.SendAsync(starts[round % starts.Length]);
                await c.SendAsync(bytes);
            });

            var end = await listener.RunAsync(server.Url("/"), new HeardStream());

            Assert.NotEqual(EndCause.Stopped, end.Cause);
            Assert.False(string.IsNullOrWhiteSpace(end.Sentence));
        }
    }

    private static async Task<(ConnectionEnd End, HeardStream Sink)> RunAsync(FaultServer server)
    {
        await using var listener = await StreamListener.StartAsync();
        var sink = new HeardStream();
        var end = await listener.RunAsync(server.Url("/"), sink);
        return (end, sink);
    }

    /// <summary>What a server with this head sends in all.</summary>
    private static async Task<byte[]> AnswerAsync(string head, TestStream mp3)
    {
        await using var server = new FaultServer();
        server.Map("/", async c =>
        {
            await c.SendAsync(head);
            if (head.Contains("chunked", StringComparison.Ordinal))
            {
                c.UseChunks();
            }

            if (head.Contains("metaint", StringComparison.Ordinal))
            {
                c.UseIcy(1000, () => "a title that fills some bytes");
            }

            for (var i = 0; i < SweptFrames; i += 4)
            {
                await c.SendBodyAsync(mp3.Bytes(i, 4));
            }
        });

        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, TestContext.Current.CancellationToken);
        return answer.ToArray();
    }

    /// <summary>Around the head, the first frames, the first metadata block and the end; and here and there between.</summary>
    private static List<int> Offsets(int length, int head, int frame)
    {
        int[] places = [2, 12, head, head + frame, head + 2 * frame, head + 3 * frame, head + 1000, head + 1001, head + 1049, length - frame, length];
        return [.. places.SelectMany(p => Enumerable.Range(p - 5, 11)).Concat(Enumerable.Range(0, 50).Select(i => i * length / 50)).Where(o => o >= 0 && o <= length).Distinct().Order()];
    }
}
