using System.Globalization;
using System.Text.Json;
using Isr.Commands;
using Isr.Instruments;
using Isr.Recording.Time;
using Isr.Tests.EndToEnd;
using Isr.Tests.Support;
using Isr.Web.Health;

namespace Isr.Tests.Web.Health;

public sealed class HealthEndpointsTests(ServedFolder served) : IClassFixture<ServedFolder>
{
    [Fact]
    public async Task Health_is_told_as_json()
    {
        var answer = await served.AskAsync("/healthz");

        // The disk of this computer is what it is.
        using var json = JsonDocument.Parse(answer.Body);
        var status = json.RootElement.GetProperty("status").GetString();
        Assert.Equal(status == "ok" ? 200 : 503, answer.Status);
        Assert.Equal(3, json.RootElement.GetProperty("checks").GetArrayLength());
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal((answer.Status, 0), ((await served.AskAsync("/healthz", "HEAD")).Status, (await served.AskAsync("/healthz", "HEAD")).Body.Length));
    }

    [Fact]
    public async Task A_recorder_that_is_not_there_is_told_by_the_status_code()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await RunningProgram.StartAsync(
            directory, RunParts.Page, TestSettings.Stream("live", directory.File("rec"), new Uri($"http://127.0.0.1:{IsrProgram.FreePort()}/live")));

        var answer = await RawHttp.AskAsync(page.Page.Port, "GET", "/healthz");

        Assert.Equal((503, "application/json"), (answer.Status, answer["Content-Type"].Split(';')[0]));
        Assert.Contains("\"failing\"", answer.Text, StringComparison.Ordinal);
        Assert.Equal(503, (await RawHttp.AskAsync(page.Page.Port, "HEAD", "/healthz")).Status);
    }

    [Fact]
    public async Task Whether_the_program_lives_and_has_started_is_told_apart_from_how_it_goes()
    {
        using var directory = new TemporaryDirectory();
        var gone = TestSettings.Stream("secret", directory.File("rec"), new Uri($"http://127.0.0.1:{IsrProgram.FreePort()}/live"));
        await using var program = await RunningProgram.StartAsync(directory, RunParts.All, gone);
        var port = program.Page.Port;

        // A server that is gone keeps it from being well some time later, and from being ready not at all.
        await Wait.UntilAsync(async () => (await RawHttp.AskAsync(port, "GET", "/healthz/ready")).Status == 200, TimeSpan.FromSeconds(20), () => "it is never ready");
        var live = await RawHttp.AskAsync(port, "GET", "/healthz/live");
        var ready = await RawHttp.AskAsync(port, "GET", "/healthz/ready");

        Assert.Equal((200, "no-store"), (live.Status, live["Cache-Control"]));
        Assert.Equal((200, "no-store"), (ready.Status, ready["Cache-Control"]));
        Assert.DoesNotContain("secret", live.Text + ready.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(directory.Path, live.Text + ready.Text, StringComparison.Ordinal);
        Assert.Equal((200, 0), ((await RawHttp.AskAsync(port, "HEAD", "/healthz/live")).Status, (await RawHttp.AskAsync(port, "HEAD", "/healthz/ready")).Body.Length));
    }

    [Fact]
    public async Task A_folder_that_is_gone_is_not_ready_and_lives()
    {
        using var directory = new TemporaryDirectory();
        await using var page = await RunningProgram.StartAsync(directory, RunParts.Page);
        Directory.CreateDirectory(page.Folder);
        Assert.Equal(200, (await RawHttp.AskAsync(page.Page.Port, "GET", "/healthz/ready")).Status);

        Directory.Delete(page.Folder, recursive: true);

        Assert.Equal(503, (await RawHttp.AskAsync(page.Page.Port, "GET", "/healthz/ready")).Status);
        Assert.Equal(200, (await RawHttp.AskAsync(page.Page.Port, "GET", "/healthz/live")).Status);
    }

    [Fact]
    public async Task A_heart_that_stops_is_told()
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 5, 23, 10, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
        var clock = new WallClock(time, () => ClockState.Synchronised);
        using var heart = new Heartbeat(time, clock);
        await heart.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(heart.IsAlive);

        // Its own timer goes on, the recorder's loop does not.
        for (var i = 0; i < 31; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(heart.IsAlive);
        await Wait.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                clock.Observe();
                return heart.IsAlive;
            },
            TimeSpan.FromSeconds(10),
            "it does not beat");
        await heart.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Every_line_of_the_metrics_is_of_the_format()
    {
        // The list has what the index has, and the count follows.
        await served.AskAsync("/api/files");
        RawAnswer answer = null!;
        await Wait.UntilAsync(
            async () => (answer = await served.AskAsync("/metrics")).Text.Split('\n').Any(l => l.StartsWith("isr_recordings_files ", StringComparison.Ordinal) && double.Parse(l.Split(' ')[1], CultureInfo.InvariantCulture) >= 14),
            TimeSpan.FromSeconds(30),
            () => answer.Text);

        Assert.Equal((200, MetricsText.ContentType), (answer.Status, answer["Content-Type"]));
        var lines = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("isr_recorder_up 0", lines, StringComparer.Ordinal);
        Assert.Contains(lines, l => l.StartsWith("isr_http_request_duration_seconds_count{route=\"/api/files\",status=\"200\"} ", StringComparison.Ordinal));
        var checkedBy = await Processes.CheckAsync("promtool", ["check", "metrics"], answer.Body);
        Assert.Equal("", checkedBy.All);
        var head = await served.AskAsync("/metrics", "HEAD");
        Assert.Equal((200, MetricsText.ContentType, 0), (head.Status, head["Content-Type"], head.Body.Length));
    }

    [Fact]
    public async Task Requests_for_what_there_is_not_make_no_metrics_of_their_own()
    {
        var before = Series((await served.AskAsync("/metrics")).Text);
        for (var i = 0; i < 50; i++)
        {
            await served.AskAsync($"/api/nothing{i}");
            await served.AskAsync($"/nothing/{i}?x={i}");
            await served.AskAsync($"/stream/none{i}.mp3");
        }

        var after = Series((await served.AskAsync("/metrics")).Text);

        // Of the API, of recordings, of nothing, and of the metrics themselves.
        Assert.InRange(after.Except(before, StringComparer.Ordinal).Count(), 1, 4);
        Assert.Contains(after, series => series.Contains("route=\"/stream/{**name}\",status=\"404\"", StringComparison.Ordinal));
    }

    private static List<string> Series(string text) => [.. text.Split('\n').Where(l => l.StartsWith("isr_http_request_duration_seconds_count", StringComparison.Ordinal)).Select(l => l.Split("} ")[0])];
}
