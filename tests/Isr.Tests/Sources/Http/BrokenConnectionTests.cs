using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isr.Sources;
using Isr.Sources.Http;
using Isr.Tests.Support;

namespace Isr.Tests.Sources.Http;

public sealed class BrokenConnectionTests
{
    private const int Interval = 1000;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("plain")]
    [InlineData("icy")]
    [InlineData("chunked")]
    public async Task Cut_anywhere_a_connection_gives_only_whole_frames_and_all_that_came_whole(string kind)
    {
        var frames = (await TestAudio.Mp3Async()).Frames.Take(12).ToList();
        var wire = Wire(frames, kind);
        await using var rig = await StreamRig.StartAsync();
        var cuts = Cuts(wire).ToList();
        foreach (var cut in cuts)
        {
            rig.Server.Map($"/{cut}", c => c.SendAsync(wire.Bytes.AsMemory(0, cut)));
        }

        await Parallel.ForEachAsync(cuts, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (cut, _) =>
        {
            using var sink = new CollectingSink();
            var end = await rig.RunAsync($"/{cut}", sink);

            // A frame at the very end is whole only if the connection ended in order.
            var whole = wire.WholeFramesBefore(cut);
            var certain = kind == "chunked" ? Math.Max(0, whole - 1) : whole;
            Assert.InRange(sink.Count, certain < 3 ? 0 : certain, whole);
            sink.Holds(frames.Take(sink.Count));
            var causes = cut < wire.HeadBytes ? EndCause.Unreachable : kind == "chunked" ? EndCause.Broken : EndCause.Ended;
            Assert.True(end.Cause == causes || (whole < 3 && end.Cause == EndCause.Refused), $"cut at {cut}: {end}");
            Assert.NotEmpty(end.Sentence);
        });
        Assert.InRange(cuts.Count, 120, 400);
    }

    [Fact]
    public async Task Silence_on_the_wire_ends_the_connection_after_the_limit_and_not_before()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 5, 23, 22, 0, 0, TimeSpan.Zero));
        var mp3 = await TestAudio.Mp3Async();
        await using var rig = await StreamRig.StartAsync(time);
        var more = new TaskCompletionSource();
        rig.Server.Map("/x", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendBodyAsync(mp3.Bytes(0, 50));
            await more.Task;
            await c.SendBodyAsync(mp3.Bytes(50, 2));
            await c.HangAsync();
        });
        using var sink = new CollectingSink();
        var running = rig.RunAsync("/x", sink);
        await Wait.UntilAsync(() => sink.Count == 49, s_patience, () => $"{sink.Count} frames");

        Pass(time, ConnectionWatch.SilenceLimit - TimeSpan.FromSeconds(0.5));
        more.SetResult();
        await Wait.UntilAsync(() => sink.Count == 51, s_patience, () => $"{sink.Count} frames");
        Assert.False(running.IsCompleted);
        await Wait.UntilAsync(
            () =>
            {
                Pass(time, TimeSpan.FromSeconds(1));
                return running.IsCompleted;
            },
            s_patience,
            "the silence was not noticed");

        Assert.Equal(new ConnectionEnd(EndCause.Silence, $"nothing came from {rig.Server.Url("/x")} for 30 s"), await running);
    }

    [Fact]
    public async Task Silence_before_any_audio_ends_the_connection_too()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 5, 23, 22, 0, 0, TimeSpan.Zero));
        await using var rig = await StreamRig.StartAsync(time);
        rig.Server.Map("/x", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.HangAsync();
        });
        using var sink = new CollectingSink();
        var running = rig.RunAsync("/x", sink);
        await rig.Server.WaitForRequestsAsync("/x", 1, s_patience);

        await Wait.UntilAsync(
            () =>
            {
                Pass(time, TimeSpan.FromSeconds(1));
                return running.IsCompleted;
            },
            s_patience,
            "the silence was not noticed");

        Assert.Contains((await running).Cause, new[] { EndCause.Silence, EndCause.Unreachable });
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up_after_15_seconds()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 5, 23, 22, 0, 0, TimeSpan.Zero));
        await using var rig = await StreamRig.StartAsync(time);
        rig.Server.Map("/x", c => c.HangAsync());
        using var sink = new CollectingSink();
        var running = rig.RunAsync("/x", sink);
        await rig.Server.WaitForRequestsAsync("/x", 1, s_patience);

        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.False(running.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.Equal(new ConnectionEnd(EndCause.Unreachable, $"{rig.Server.Url("/x")} did not answer within 15 s"), await running);
    }

    [Fact]
    public async Task A_trickle_below_the_low_water_mark_gets_through_with_the_next_looks()
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var rig = await StreamRig.StartAsync();
        var sent = 0L;
        rig.Server.Map("/x", async c =>
        {
            // Twelve seconds at once: from then on the kernel waits for a third of a second of audio.
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendBodyAsync(mp3.Bytes(0, 460));
            for (var i = 460; i < 463; i++)
            {
                await c.Server.WaitForRequestsAsync($"/go{i}", 1, s_patience);
                sent = Stopwatch.GetTimestamp();
                await c.SendBodyAsync(mp3.Bytes(i, 1));
            }

            await c.HangAsync();
        });
        using var sink = new CollectingSink { EnoughFrames = 462 };
        var running = rig.RunAsync("/x", sink);
        using var http = new HttpClient();
        for (var i = 460; i < 463; i++)
        {
            await Wait.UntilAsync(() => sink.Count >= i - 1, s_patience, () => $"{sink.Count} frames");
            using var answer = await http.GetAsync(rig.Server.Url($"/go{i}"), TestContext.Current.CancellationToken);
            await Wait.UntilAsync(() => sink.Count >= i, s_patience, () => $"{sink.Count} frames");
            Assert.InRange(Stopwatch.GetElapsedTime(sent).TotalSeconds, 0, 2.5);
        }

        await running;
    }

    [Fact]
    public async Task A_stop_while_connecting_returns_at_once()
    {
        // A listener whose queue is full: the kernel drops what knocks.
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        listener.Listen(0);
        var callers = Enumerable.Range(0, 4).Select(_ => new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp)).ToList();
        foreach (var caller in callers)
        {
            caller.Blocking = false;
            try
            {
                await caller.ConnectAsync(listener.LocalEndPoint!, new CancellationTokenSource(100).Token);
            }
            catch (OperationCanceledException)
            {
                // It hangs, as the next one will.
            }
        }

        await using var rig = await StreamRig.StartAsync();
        using var sink = new CollectingSink();
        using var stop = new CancellationTokenSource();
        var running = rig.Source(new Uri($"http://[::1]:{((IPEndPoint)listener.LocalEndPoint!).Port}/x")).RunAsync(sink, stop.Token);
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(0.3), TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.False(running.IsCompleted);

        await AssertStopsAsync(running, stop);
        callers.ForEach(c => c.Dispose());
    }

    [Theory]
    [InlineData("/headers")]
    [InlineData("/playlist")]
    [InlineData("/body")]
    [InlineData("/audio")]
    public async Task A_stop_while_waiting_for_the_server_returns_at_once(string path)
    {
        var mp3 = await TestAudio.Mp3Async();
        await using var rig = await StreamRig.StartAsync();
        rig.Server.Map("/headers", c => c.HangAsync());
        rig.Server.Map("/playlist", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/x-scpls");
            await c.HangAsync();
        });
        rig.Server.Map("/body", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.HangAsync();
        });
        rig.Server.Map("/audio", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3);
        });
        using var sink = new CollectingSink();
        using var stop = new CancellationTokenSource();
        var running = rig.Source(rig.Server.Url(path), rig.Server.Url("/backup")).RunAsync(sink, stop.Token);
        await rig.Server.WaitForRequestsAsync(path, 1, s_patience);
        if (path == "/audio")
        {
            await Wait.UntilAsync(() => sink.Count > 0, s_patience, "no audio");
        }

        await AssertStopsAsync(running, stop);
        Assert.Equal(0, rig.Server.RequestsOf("/backup"));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("X-More: of this\r\n")]
    public async Task Endless_headers_are_given_up(string piece)
    {
        await using var rig = await StreamRig.StartAsync();
        var sent = 0L;
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(piece, 65536 / piece.Length)));
        rig.Server.Map("/x", async c =>
        {
            await c.SendAsync("HTTP/1.1 200 OK\r\nX: ");
            for (; ; sent += block.Length)
            {
                await c.SendAsync(block);
            }
        });
        using var sink = new CollectingSink();

        var end = await rig.RunAsync("/x", sink);

        Assert.Equal(EndCause.Unreachable, end.Cause);
        Assert.Contains("sends more than 512 kB of headers", end.Sentence, StringComparison.Ordinal);
        Assert.InRange(Interlocked.Read(ref sent), 0, 32 << 20);
    }

    [Theory]
    [InlineData("no http at all\r\n\r\n", "does not speak HTTP")]
    [InlineData("", "The response ended prematurely")]
    public async Task What_is_no_http_is_said_in_a_short_sentence(string answer, string sentence)
    {
        await using var rig = await StreamRig.StartAsync();
        rig.Server.Map("/x", c => c.SendAsync(answer));
        using var sink = new CollectingSink();

        var end = await rig.RunAsync("/x", sink);

        Assert.Equal(EndCause.Unreachable, end.Cause);
        Assert.Contains(sentence, end.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_line_of_any_length_makes_a_short_sentence()
    {
        await using var rig = await StreamRig.StartAsync();
        rig.Server.Map("/x", c => c.SendAsync(new string('y', 100_000) + "\u0007\r\n\r\n"));
        using var sink = new CollectingSink();

        var end = await rig.RunAsync("/x", sink);

        Assert.InRange(end.Sentence.Length, 10, 400);
        Assert.DoesNotContain('\u0007', end.Sentence);
    }

    [Fact]
    public async Task Endless_garbage_is_refused_after_64_kilobytes()
    {
        await using var rig = await StreamRig.StartAsync();
        var sent = 0L;
        rig.Server.Map("/x", async c =>
        {
            var random = new Random(11);
            var block = new byte[16384];
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            for (; ; sent += block.Length)
            {
                random.NextBytes(block);
                await c.SendBodyAsync(block);
            }
        });
        using var sink = new CollectingSink();

        var end = await rig.RunAsync("/x", sink);

        Assert.Equal(EndCause.Refused, end.Cause);
        var words = end.Sentence.Split(' ');
        Assert.StartsWith("no audio that is known here in the first ", end.Sentence, StringComparison.Ordinal);
        Assert.InRange(int.Parse(words[9], CultureInfo.InvariantCulture), 64 * 1024, 144 * 1024);
        Assert.InRange(Interlocked.Read(ref sent), 0, 32 << 20);
    }

    [Fact]
    public async Task A_dead_port_and_an_unknown_name_are_told_apart()
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Start();
        var port = ((IPEndPoint)unused.LocalEndpoint).Port;
        unused.Stop();
        await using var rig = await StreamRig.StartAsync();
        using var one = new CollectingSink();
        using var other = new CollectingSink();

        Assert.Equal(new ConnectionEnd(EndCause.Unreachable, $"127.0.0.1:{port} refuses connections (nothing listens there)"), await rig.RunAsync(one, new Uri($"http://127.0.0.1:{port}/x")));
        Assert.Equal(new ConnectionEnd(EndCause.Unreachable, "the name nobody.invalid cannot be resolved"), await rig.RunAsync(other, new Uri("http://nobody.invalid/x")));
    }

    private static async Task AssertStopsAsync(Task<ConnectionEnd> running, CancellationTokenSource stop)
    {
        var asked = Stopwatch.GetTimestamp();
        await stop.CancelAsync();
        Assert.Equal(ConnectionEnd.Stopped, await running.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        Assert.InRange(Stopwatch.GetElapsedTime(asked).TotalSeconds, 0, 2);
    }

    /// <summary>In steps, so that every look of the watch takes place.</summary>
    private static void Pass(ManualTimeProvider time, TimeSpan span)
    {
        for (var step = TimeSpan.FromSeconds(0.5); span > TimeSpan.Zero; span -= step)
        {
            time.Advance(step);
        }
    }

    private static WireImage Wire(List<ReadOnlyMemory<byte>> frames, string kind)
    {
        var head = $"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nServer: x\r\n{(kind == "icy" ? $"icy-metaint: {Interval}\r\n" : "")}{(kind == "chunked" ? "Transfer-Encoding: chunked" : "Connection: close")}\r\n\r\n";
        var image = new WireImage(Encoding.ASCII.GetBytes(head));
        foreach (var (number, frame) in frames.Index())
        {
            image.AddFrame(frame.Span, kind == "icy" ? Interval : int.MaxValue, kind == "chunked", $"song {number}");
        }

        return image;
    }

    /// <summary>Every byte of the ends of what matters, and some between.</summary>
    private static IEnumerable<int> Cuts(WireImage wire)
    {
        var near = wire.Marks.SelectMany(m => Enumerable.Range(m - 3, 7));
        var between = Enumerable.Range(0, wire.Bytes.Length / 97).Select(i => i * 97);
        return near.Concat(between).Where(c => c > 0 && c < wire.Bytes.Length).Distinct().Order();
    }

    /// <summary>An answer, byte for byte, that knows which frames lie whole before which byte.</summary>
    private sealed class WireImage(byte[] head)
    {
        private readonly List<byte> _bytes = [.. head];
        private readonly List<int> _frameEnds = [];
        private int _audio;

        public int HeadBytes => head.Length;

        public byte[] Bytes => [.. _bytes];

        /// <summary>Places where something begins or ends.</summary>
        public List<int> Marks { get; } = [head.Length];

        public int WholeFramesBefore(int cut) => _frameEnds.Count(e => e <= cut);

        public void AddFrame(ReadOnlySpan<byte> frame, int interval, bool chunked, string title)
        {
            if (chunked)
            {
                _bytes.AddRange(Encoding.ASCII.GetBytes($"{frame.Length:x}\r\n"));
                Marks.Add(_bytes.Count);
            }

            foreach (var value in frame)
            {
                if (_audio == interval)
                {
                    Marks.Add(_bytes.Count);
                    _bytes.Add(3);
                    var text = Encoding.ASCII.GetBytes($"StreamTitle='{title}';");
                    _bytes.AddRange([.. text, .. new byte[48 - text.Length]]);
                    Marks.Add(_bytes.Count);
                    _audio = 0;
                }

                _bytes.Add(value);
                _audio++;
            }

            _frameEnds.Add(_bytes.Count);
            Marks.Add(_bytes.Count);
            if (chunked)
            {
                _bytes.AddRange("\r\n"u8);
            }
        }
    }
}
