using System.Globalization;
using System.Text.Json;
using Isr.Commands;
using Isr.Sources;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>The HTTP interface while recordings grow, split, end and begin.</summary>
public sealed class LiveApiTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_growing_file_is_served_as_long_as_it_is_and_not_kept()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        await using var program = await StartAsync(directory, server, TimeSpan.FromHours(1));
        var file = await GrowingAsync(program);
        var path = Path.Combine(program.Folder, file);

        await AnswersWhileAsync(program, file);
        for (var i = 0; i < 60; i++)
        {
            var before = new FileInfo(path).Length;
            var answer = await RawHttp.AskAsync(program.Page.Port, "GET", $"/stream/{file}");
            Assert.Equal(200, answer.Status);
            Assert.Equal("no-store", answer["Cache-Control"]);
            Assert.Equal(answer.Body.Length.ToString(CultureInfo.InvariantCulture), answer["Content-Length"]);
            Assert.InRange(answer.Body.Length, before, new FileInfo(path).Length);
        }

        Assert.DoesNotContain(program.Log, line => line.Contains("ERROR", StringComparison.Ordinal));
        var far = await RawHttp.AskAsync(program.Page.Port, "GET", $"/stream/{file}", "Range: bytes=100000000-");
        Assert.Equal(416, far.Status);
    }

    [Fact]
    public async Task A_listener_on_a_slow_line_gets_what_was_promised_though_the_file_grows()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("rec"));
        await using var server = new FaultServer();
        await using var program = await StartAsync(directory, server, TimeSpan.FromHours(1));
        var file = await GrowingAsync(program);
        var path = Path.Combine(program.Folder, file);

        // As if hours had been recorded: too much for the buffers between here and there.
        await using (var end = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            end.SetLength(40 << 20);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(program.Page, $"/stream/{file}"));
        using var answer = await program.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using (var end = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            end.SetLength(41 << 20);
        }

        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(40 << 20, body.Length);
    }

    [Fact]
    public async Task Splits_and_outages_are_told_as_they_happen()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        var reset = new TaskCompletionSource();
        await using var program = await StartAsync(directory, server, TimeSpan.FromSeconds(3), reset: reset.Task);
        await program.WaitForAsync("live", s => s.File is not null);
        using var answer = await program.Http.GetAsync(new Uri(program.Page, "/api/events"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());

        var ended = await EventLines.NextAsync(reader, "recording", e => e.GetProperty("kind").GetString() == "ended");
        var started = await EventLines.NextAsync(reader, "recording", e => e.GetProperty("kind").GetString() == "started");
        server.Map("/live", c => c.SendHeadersAsync("HTTP/1.0 404 Not Found", "Content-Length: 0"));
        reset.SetResult();
        var waiting = await EventLines.NextAsync(reader, "source", e => e.GetProperty("state").GetString() == "waiting");

        Assert.Equal("live", ended.GetProperty("source").GetString());
        Assert.Equal("live", started.GetProperty("source").GetString());
        Assert.False(ended.GetProperty("name").ValueEquals(started.GetProperty("name").GetString()));
        Assert.NotEmpty(waiting.GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Who_was_cut_off_is_told_what_it_missed()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        await using var program = await StartAsync(directory, server, TimeSpan.FromSeconds(3));
        await program.WaitForAsync("live", s => s.File is not null);
        var id = "";
        string? before;
        using (var answer = await program.Http.GetAsync(new Uri(program.Page, "/api/events"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
            var started = await EventLines.NextAsync(reader, "recording", e => e.GetProperty("kind").GetString() == "started", line => id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id);
            before = started.GetProperty("name").GetString();
        }

        await program.WaitForAsync("live", s => s.File is not null && s.File != before);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(program.Page, "/api/events"));
        request.Headers.Add("Last-Event-ID", id);
        using var back = await program.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var missed = new StreamReader(await back.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var ended = await EventLines.NextAsync(missed, "recording", e => true);

        // The first thing that came after what was told, though it happened while nobody listened.
        Assert.Equal(("ended", before), (ended.GetProperty("kind").GetString(), ended.GetProperty("name").GetString()));

        using var stranger = await program.Http.GetAsync(new Uri(program.Page, "/api/events?last_event_id=0badcafe-7"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reset = new StreamReader(await stranger.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await EventLines.NextAsync(reset, "reset", e => true);
    }

    [Fact]
    public async Task The_list_has_what_an_event_told()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        await using var program = await StartAsync(directory, server, TimeSpan.FromSeconds(3));
        using var answer = await program.Http.GetAsync(new Uri(program.Page, "/api/events"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        using var stop = new CancellationTokenSource();
        var asking = Task.Run(
            async () =>
            {
                // Somebody else keeps the list fresh all the time.
                while (!stop.IsCancellationRequested)
                {
                    await RawHttp.AskAsync(program.Page.Port, "GET", "/api/files");
                }
            },
            TestContext.Current.CancellationToken);

        for (var i = 0; i < 3; i++)
        {
            var started = await EventLines.NextAsync(reader, "recording", e => e.GetProperty("kind").GetString() == "started");
            var list = await RawHttp.AskAsync(program.Page.Port, "GET", "/api/files");
            Assert.Contains(started.GetProperty("name").GetString()!, list.Text, StringComparison.Ordinal);
            Assert.Equal(200, (await RawHttp.AskAsync(program.Page.Port, "HEAD", $"/stream/{started.GetProperty("name").GetString()}")).Status);
        }

        await stop.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task The_page_alone_shows_what_another_process_records()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new FaultServer();
        await using var recorder = await StartAsync(directory, server, TimeSpan.FromHours(1), RunParts.Recorder);
        await using var page = await RunningProgram.StartAsync(directory, RunParts.Page);
        await recorder.WaitForAsync("live", s => s.State == SourceState.Recording && s.File is not null);

        var file = await GrowingAsync(page);
        await AnswersWhileAsync(page, file);
    }

    /// <param name="directory">Where to.</param>
    /// <param name="server">Gets a live stream.</param>
    /// <param name="split">How long files are.</param>
    /// <param name="parts">Of the program.</param>
    /// <param name="reset">When the stream breaks; never when left out.</param>
    private static async Task<RunningProgram> StartAsync(
        TemporaryDirectory directory, FaultServer server, TimeSpan split, RunParts parts = RunParts.All, Task? reset = null)
    {
        var mp3 = await TestAudio.Mp3Async();
        server.Map("/live", async c =>
        {
            await c.SendHeadersAsync("HTTP/1.0 200 OK", "Content-Type: audio/mpeg");
            var playing = c.SendLiveAsync(mp3, burstSeconds: 4);
            if (reset is not null)
            {
                await Task.WhenAny(playing, reset);
                await c.ResetAsync();
            }

            await playing;
        });
        return await RunningProgram.StartAsync(directory, parts, TestSettings.Stream("live", directory.File("rec"), server.Url("/live")) with { SplitInterval = split });
    }

    private static async Task<string> GrowingAsync(RunningProgram program)
    {
        string? name = null;
        await Wait.UntilAsync(
            async () =>
            {
                using var json = JsonDocument.Parse((await RawHttp.AskAsync(program.Page.Port, "GET", "/api/files")).Body);
                name = json.RootElement.EnumerateArray().Where(i => i.GetProperty("recording").GetBoolean() && i.GetProperty("size").GetInt64() > 20_000).Select(i => i.GetProperty("name").GetString()).FirstOrDefault();
                return name is not null;
            },
            s_patience,
            () => "nothing is being recorded");
        return name!;
    }

    private static async Task AnswersWhileAsync(RunningProgram program, string file)
    {
        using var list = JsonDocument.Parse((await RawHttp.AskAsync(program.Page.Port, "GET", "/api/files")).Body);
        var item = Assert.Single(list.RootElement.EnumerateArray());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("duration").ValueKind);
        Assert.Equal("live", item.GetProperty("source").GetString());

        using var status = JsonDocument.Parse((await RawHttp.AskAsync(program.Page.Port, "GET", "/api/status")).Body);
        Assert.Equal(file, status.RootElement.GetProperty("active").EnumerateArray().Single().GetString());
        Assert.Equal(Environment.ProcessId, status.RootElement.GetProperty("pid").GetInt32());
        var source = status.RootElement.GetProperty("sources").EnumerateArray().Single();
        Assert.Equal("recording", source.GetProperty("state").GetString());
        Assert.Equal("MP3 128 kbit/s 44.1 kHz stereo", source.GetProperty("format").GetString());
        Assert.True(source.GetProperty("bytes").GetInt64() > 0);
    }
}
