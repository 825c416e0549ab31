using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isr.Commands;
using Isr.Configuration;
using Isr.Sources;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;

namespace Isr.Tests.Playback.Live;

/// <summary>Sources heard as they come, through the whole program, from real servers and soundcards.</summary>
[SideBySide]
public sealed class LiveTests
{
    private const double HeardSeconds = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_format_of_a_station_is_heard_and_decodes()
    {
        (string Format, string Type, string Extension)[] formats =
        [
            ("mp3", "audio/mpeg", ".mp3"), ("adts", "audio/aac", ".aac"), ("ogg", "audio/ogg", ".ogg"), ("opus", "audio/ogg", ".opus"), ("oggflac", "audio/ogg", ".ogg"), ("flac", "audio/flac", ".flac"),
        ];
        using var directory = new TemporaryDirectory();
        await using var icecast = await IcecastServer.StartAsync();
        await Task.WhenAll(formats.Select((f, i) => icecast.FeedAsync("/" + f.Format, f.Format, 96, seed: i + 1)));
        await using var program = await RunningProgram.StartAsync(
            directory, RunParts.All, [.. formats.Select(f => TestSettings.Stream("radio " + f.Format, directory.File("rec", f.Format), icecast.Url("/" + f.Format)))]);

        await Task.WhenAll(formats.Select(async f =>
        {
            await program.WaitForAsync("radio " + f.Format, s => s.State == SourceState.Recording);
            using var heard = await HearAsync(program, "/live/radio%20" + f.Format);
            Assert.Equal((HttpStatusCode.OK, f.Type), (heard.Answer.StatusCode, heard.Answer.Content.Headers.ContentType!.MediaType));
            Assert.Null(heard.Answer.Content.Headers.ContentLength);
            Assert.Equal("no-store", heard.Answer.Headers.CacheControl!.ToString());
            Assert.Equal("no", heard.Answer.Headers.GetValues("X-Accel-Buffering").Single());
            var path = directory.File("heard-" + f.Format + f.Extension);
            await heard.SaveAsync(path, TimeSpan.FromSeconds(HeardSeconds));
            await DecodesAsync(path, HeardSeconds);
        }));

        (string Format, string Codec)[] inMp4 = [("mp3", "mp3"), ("adts", "mp4a.40.2"), ("opus", "opus"), ("oggflac", "flac"), ("flac", "flac")];
        await Task.WhenAll(inMp4.Select(async f =>
        {
            using var heard = await HearAsync(program, $"/live/radio%20{f.Format}?format=mp4");
            Assert.Equal($"audio/mp4; codecs=\"{f.Codec}\"", heard.Answer.Content.Headers.ContentType!.ToString());
            var path = directory.File($"heard-{f.Format}.mp4");
            await heard.SaveAsync(path, TimeSpan.FromSeconds(HeardSeconds));
            await DecodesAsync(path, HeardSeconds);
        }));

        (await RawHttp.AskAsync(program.Page.Port, "GET", "/live/radio%20ogg?format=mp4")).IsProblem(400);
        var head = await RawHttp.AskAsync(program.Page.Port, "HEAD", "/live/radio%20flac");
        Assert.Equal((200, "audio/flac", 0), (head.Status, head["Content-Type"], head.Body.Length));
        (await RawHttp.AskAsync(program.Page.Port, "GET", "/live/radio%20mp3?format=flac")).IsProblem(400);
        (await RawHttp.AskAsync(program.Page.Port, "GET", "/live/radio%20mp3?format=mp3")).IsProblem(400);
        (await RawHttp.AskAsync(program.Page.Port, "GET", "/live/radio")).IsProblem(404);
        (await RawHttp.AskAsync(program.Page.Port, "GET", "/live/")).IsProblem(404);
    }

    [Fact]
    public async Task A_soundcard_is_heard_as_wav_or_flac_or_mp4_exactly()
    {
        using var directory = new TemporaryDirectory();
        var device = await AlsaRig.AddAsync();
        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, TestSettings.Soundcard("mic", device.Pcm) with { OutputDirectory = directory.File("rec") });
        await program.WaitForAsync("mic", s => s.State == SourceState.Recording);

        await Task.WhenAll(new[] { "wav", "flac", "mp4" }.Select(async format =>
        {
            using var heard = await HearAsync(program, $"/live/mic?format={format}");
            Assert.Equal("audio/" + format, heard.Answer.Content.Headers.ContentType!.MediaType);
            var path = directory.File("heard." + format);
            await heard.SaveAsync(path, TimeSpan.FromSeconds(1.5));

            // Every moment of that card holds its number.
            var samples = await AudioChecks.Decode16Async(path);
            Assert.True(samples.Length > 2 * 48_000, $"{samples.Length} samples");
            var numbers = samples.Chunk(2).Where(m => m.Length == 2).Select(m => (uint)(ushort)m[0] | ((uint)(ushort)m[1] << 16)).ToList();
            Assert.All(numbers.Zip(numbers.Skip(1)), pair => Assert.Equal(pair.First + 1, pair.Second));
        }));

        Assert.Equal("audio/wav", (await RawHttp.AskAsync(program.Page.Port, "HEAD", "/live/mic"))["Content-Type"]);
    }

    [Fact]
    public async Task A_source_from_which_nothing_comes_is_not_there_now()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        server.Map("/live", c => c.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0"));
        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, TestSettings.Stream("live", directory.File("rec"), server.Url("/live")));

        var answer = await RawHttp.AskAsync(program.Page.Port, "GET", "/live/live");

        answer.IsProblem(503);
        Assert.Equal("5", answer["Retry-After"]);
    }

    [Fact]
    public async Task More_listeners_than_may_be_are_told_to_come_later()
    {
        using var directory = new TemporaryDirectory();
        await using var program = await RunningProgram.StartAsync(
            directory, RunParts.All, TestSettings.Stream("live", directory.File("rec"), new Uri($"http://127.0.0.1:{IsrProgram.FreePort()}/live")));
        var taps = program.Service<Isr.Recording.Live.LiveTaps>();
        var listeners = Enumerable.Range(0, Isr.Recording.Live.LiveTaps.MaxListeners).Select(_ => taps.TryListen(taps.For("live"))).ToList();

        var answer = await RawHttp.AskAsync(program.Page.Port, "GET", "/live/live");
        var head = await RawHttp.AskAsync(program.Page.Port, "HEAD", "/live/live");

        answer.IsProblem(503);
        Assert.Contains("100 listen already", answer.Text, StringComparison.Ordinal);
        Assert.Equal(("5", 503, 0), (answer["Retry-After"], head.Status, head.Body.Length));
        listeners.ForEach(listener => listener!.Dispose());
        using var next = taps.TryListen(taps.For("live"));
        Assert.NotNull(next);
    }

    [Fact]
    public async Task A_listener_that_stands_still_is_cut_off_and_the_recording_loses_nothing()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        var mp3 = await TestAudio.Mp3Async();
        server.Map("/live", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            // At real time to be taken for a live stream, and in frames that are much too large for their time.
            await c.SendFramesAsync(mp3.Frames, mp3.PerFrame, burstSeconds: 1);
        });
        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, TestSettings.Stream("live", directory.File("rec"), server.Url("/live")));
        await program.WaitForAsync("live", s => s.File is not null);

        using var slow = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1 };
        await slow.ConnectAsync("127.0.0.1", program.Page.Port, TestContext.Current.CancellationToken);
        await slow.SendAsync(Encoding.ASCII.GetBytes("GET /live/live HTTP/1.1\r\nHost: localhost\r\n\r\n"), TestContext.Current.CancellationToken);
        var tap = program.Service<Isr.Recording.Live.LiveTaps>().Find("live")!;
        await Wait.UntilAsync(() => tap.Listeners == 1, s_patience, "a listener");
        var before = program.StatusOf("live")!.Bytes;

        // As if much had come meanwhile.
        FloodListeners(tap);

        await Wait.UntilAsync(() => tap.Listeners == 0, s_patience, "the listener is gone");
        await Assert.ThrowsAnyAsync<Exception>(async () => await ReadToEndOfChunksAsync(slow));
        await program.WaitForAsync("live", s => s.Bytes > before + 30_000);
        await program.StopAsync();
        var file = program.FilesOf("live").Single();
        var recorded = RecordingHarness.FramesOf(program.PathOf(file));
        AudioChecks.Compare([.. mp3.Frames], recorded).IsWhole();
        Assert.True(recorded.Count > 100);
    }

    [Fact]
    public async Task A_listener_hears_on_when_the_source_comes_back()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        var mp3 = await TestAudio.Mp3Async();
        var connections = 0;
        server.Map("/live", async c =>
        {
            var number = Interlocked.Increment(ref connections);
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            await c.SendLiveAsync(mp3, burstSeconds: 1, lasts: number == 1 ? TimeSpan.FromSeconds(3) : null);
        });
        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, TestSettings.Stream("live", directory.File("rec"), server.Url("/live")));
        await program.WaitForAsync("live", s => s.State == SourceState.Recording);

        using var heard = await HearAsync(program, "/live/live");
        var path = directory.File("heard.mp3");
        var until = heard.SaveAsync(path, TimeSpan.FromSeconds(7));
        await until;

        Assert.True(connections >= 2);
        Assert.InRange(FrameSplitter.Mp3(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken)).Count * mp3.PerFrame.TotalSeconds, 5, 10);
    }

    [Theory]
    [InlineData("mp3", ".mp3")]
    [InlineData("ogg", ".ogg")]
    [InlineData("flac", ".flac")]
    public async Task The_page_alone_follows_what_another_process_records_across_a_split(string format, string extension)
    {
        using var directory = new TemporaryDirectory();
        await using var icecast = await IcecastServer.StartAsync();
        await icecast.FeedAsync("/live", format);
        var source = TestSettings.Stream("live", directory.File("rec"), icecast.Url("/live")) with { SplitInterval = TimeSpan.FromSeconds(4) };
        await using var recorder = await RunningProgram.StartAsync(directory, RunParts.Recorder, source);
        await using var page = await RunningProgram.StartAsync(directory, RunParts.Page);
        await recorder.WaitForAsync("live", s => s.State == SourceState.Recording && s.File is not null);

        using var heard = await HearAsync(page, "/live/live");
        Assert.Equal(HttpStatusCode.OK, heard.Answer.StatusCode);
        var path = directory.File("heard" + extension);
        await heard.SaveAsync(path, TimeSpan.FromSeconds(7));

        Assert.True(recorder.FilesOf("live").Count > 1);
        await DecodesAsync(path, 6);
        if (format == "mp3")
        {
            await recorder.StopAsync();
            var recorded = recorder.FilesOf("live").SelectMany(f => RecordingHarness.FramesOf(recorder.PathOf(f))).ToList();
            AudioChecks.Compare(recorded, FrameSplitter.Mp3(await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken))).IsWhole();
        }

        (await RawHttp.AskAsync(page.Page.Port, "GET", "/live/other")).IsProblem(404);
    }

    [Fact]
    public async Task A_growing_wav_and_flac_say_how_long_they_are()
    {
        using var directory = new TemporaryDirectory();
        var device = await AlsaRig.AddAsync();
        await using var program = await RunningProgram.StartAsync(
            directory,
            RunParts.All,
            TestSettings.Soundcard("wav", device.Pcm) with { OutputDirectory = directory.File("rec", "wav") },
            TestSettings.Soundcard("flac", (await AlsaRig.AddAsync()).Pcm) with { OutputDirectory = directory.File("rec", "flac"), Format = SourceFormat.Flac });
        foreach (var source in new[] { "wav", "flac" })
        {
            await program.WaitForAsync(source, s => s.File is not null && s.FileBytes > 50_000);
            var target = "/stream/" + program.StatusOf(source)!.File;
            for (var i = 0; i < 5; i++)
            {
                var answer = await RawHttp.AskAsync(program.Page.Port, "GET", target);
                Assert.Equal((200, "no-store", ""), (answer.Status, answer["Cache-Control"], answer["ETag"]));
                await File.WriteAllBytesAsync(directory.File("whole." + source), answer.Body, TestContext.Current.CancellationToken);
                Assert.Equal("", string.Join('\n', (await AudioChecks.VerdictsAsync(directory.File("whole." + source))).Select(v => v.Complaint).Where(c => c.Length > 0)));

                // The head by itself tells the same of as many bytes as there are now.
                var head = await RawHttp.AskAsync(program.Page.Port, "GET", target, "Range: bytes=0-41");
                Assert.Equal(206, head.Status);
                var size = long.Parse(head["Content-Range"].Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
                if (source == "wav")
                {
                    Assert.Equal(size - 8, BinaryPrimitives.ReadUInt32LittleEndian(head.Body.AsSpan(4)));
                }
                else
                {
                    Assert.True((BinaryPrimitives.ReadInt64BigEndian(head.Body.AsSpan(18)) & 0xF_FFFF_FFFF) >= 4608);
                }
            }
        }
    }

    private static void FloodListeners(Isr.Recording.Live.LiveTap tap)
    {
        var frame = new byte[1440];
        for (var i = 0; i < 8000; i++)
        {
            tap.Add(new Isr.Audio.AudioFrame(frame, 1152, new Isr.Audio.AudioFormat(Isr.Audio.AudioCodec.MpegLayer3, 44_100, 2)));
        }
    }

    private static async Task ReadToEndOfChunksAsync(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        var last = Array.Empty<byte>();
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var count)
        {
            last = [.. last.TakeLast(5), .. buffer.AsSpan(0, count)];
        }

        // An answer that ended in order would end with an empty chunk.
        Assert.False(last.AsSpan().EndsWith("0\r\n\r\n"u8));
        throw new IOException("cut off");
    }

    /// <summary>All that was heard decodes through a pipe, as a player hears it, without a word against it, and is as long as it was listened to at least.</summary>
    private static async Task DecodesAsync(string path, double seconds)
    {
        var result = await Processes.RunAsync("sh", ["-c", $"cat '{path}' | ffmpeg -v warning -i pipe:0 -map 0:a -f f32le -ac 1 -ar 44100 pipe:1"]);
        var complaints = result.Errors.Split('\n').Where(line => line.Length > 0
            && !line.Contains("Estimating duration", StringComparison.Ordinal)
            && !line.Contains("invalid new backstep", StringComparison.Ordinal)
            && !line.Contains("overread", StringComparison.Ordinal)

            // ffmpeg's own count of time at a new link of a chain.
            && !line.Contains("non monotonically increasing dts", StringComparison.Ordinal)).ToList();
        Assert.True(complaints.Count == 0, $"{path}: {string.Join('\n', complaints)}");
        Assert.InRange(result.Output.Length / 4 / 44_100.0, seconds - 0.7, seconds + 12);
    }

    private static async Task<Heard> HearAsync(RunningProgram program, string target)
    {
        var answer = await program.Http.GetAsync(new Uri(program.Page, target), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return new Heard(answer);
    }

    private sealed class Heard(HttpResponseMessage answer) : IDisposable
    {
        public HttpResponseMessage Answer => answer;

        public async Task SaveAsync(string path, TimeSpan duration)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(duration);
            await using var file = File.Create(path);
            await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            try
            {
                await body.CopyToAsync(file, limit.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
            }
        }

        public void Dispose() => answer.Dispose();
    }
}
