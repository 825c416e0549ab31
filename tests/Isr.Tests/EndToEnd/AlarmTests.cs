using System.Globalization;
using System.Text.Json;
using Isr.Alarms;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Tests.Support;

namespace Isr.Tests.EndToEnd;

/// <summary>Alarms of the whole program: shown, told and ended, whatever happens in between.</summary>
public sealed class AlarmTests(ServedFolder served) : IClassFixture<ServedFolder>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_dead_source_is_told_once_through_a_kill_and_its_return_too()
    {
        await using var icecast = await IcecastServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 500;
        using var folder = new ProgramFolder();
        Configure(folder, $"alarm_dead_seconds = 1\nwebhook_url = {receiver.Url()}\nwebhook_secret = s3cret", icecast.Url("/radio.mp3"));

        await using (var first = IsrProgram.Start(folder, ["run", "--no-auth"], withPage: true))
        {
            await receiver.UntilReceivedAsync(2);
            await first.UntilServingAsync();
            var alarm = Assert.Single((await AlarmsAsync(first)).Active);
            Assert.Equal(("dead", "radio", receiver.Received[0].Id), (alarm.Kind, alarm.Source, alarm.Id));
            Assert.Contains("404", alarm.Sentence, StringComparison.Ordinal);
            await Wait.UntilAsync(
                () => folder.Entries<AlarmBegan>().Count == 1 && Directory.GetFiles(folder.File("recordings", ".isr", "webhooks"), "*.json").Length == 1, s_patience, "it is not kept");
            first.Kill();
        }

        receiver.Status = 204;
        await using var second = IsrProgram.Start(folder, ["run", "--no-auth"], withPage: true);
        await receiver.UntilTakenAsync(1);
        await second.UntilServingAsync();
        using var stream = await second.Http.GetStreamAsync(new Uri("/api/events", UriKind.Relative), TestContext.Current.CancellationToken);
        using var events = new StreamReader(stream);
        await icecast.FeedAsync("/radio.mp3");
        await receiver.UntilTakenAsync(2);
        var told = await EventLines.NextAsync(events, "alarm", e => e.GetProperty("state").GetString() == "ended");

        // One alarm with one begin, however often that was sent, and one end.
        Assert.Equal(["dead began radio", "dead ended radio"], receiver.Taken.Select(message => message.What), StringComparer.Ordinal);
        Assert.Single(receiver.Received.Where(message => message.What.Contains("began", StringComparison.Ordinal)).Select(message => message.Delivery).Distinct(StringComparer.Ordinal));
        Assert.Single(receiver.Received.Select(message => message.Id).Append(told.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal));
        Assert.All(receiver.Received, message => Assert.Matches("^t=[0-9]+,v1=[0-9a-f]{64}$", message.Signature));
        await Wait.UntilAsync(() => folder.Entries<AlarmEnded>().Count == 1, s_patience, "its end is not in the journal");
        Assert.Single(folder.Entries<AlarmBegan>());
        await Wait.UntilAsync(async () => (await AlarmsAsync(second)).Past is [{ Until: not null }], s_patience, () => "it is not listed as over");
        Assert.Empty((await AlarmsAsync(second)).Active);
        var listed = await IsrProgram.RunAsync(folder, "alarms");
        Assert.Equal(0, listed.ExitCode);
        Assert.Contains("No alarm goes on.", listed.Text, StringComparison.Ordinal);
        Assert.Contains("Nothing of radio has been recorded", listed.Text, StringComparison.Ordinal);
        var (result, _) = await second.EndAsync(Signal.Interrupt);
        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("s3cret", result.All + await File.ReadAllTextAsync(folder.File("recorder.log"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.File("recordings", ".isr", "webhooks")));
    }

    [Fact]
    public async Task The_recorder_alone_has_alarms_and_a_page_beside_it_shows_them()
    {
        using var folder = new ProgramFolder();
        Configure(folder, "alarm_dead_seconds = 1", new Uri($"http://127.0.0.1:{IsrProgram.FreePort()}/dead.mp3"));
        await using var recorder = IsrProgram.Start(folder, ["record"]);
        await Wait.UntilAsync(() => folder.Entries<AlarmBegan>().Count == 1, s_patience, () => recorder.Errors);
        await using var page = IsrProgram.Start(folder, ["web", "--no-auth"], withPage: true);
        await page.UntilServingAsync();

        Assert.Equal("dead", Assert.Single((await AlarmsAsync(page)).Active).Kind);
        var listed = await IsrProgram.RunAsync(folder, "alarms", "--json");
        Assert.Equal(1, listed.ExitCode);
        Assert.Single(JsonSerializer.Deserialize(listed.Text, AlarmJson.Default.AlarmsAnswer)!.Active);

        // What is no longer watched is no alarm any more.
        await recorder.EndAsync(Signal.Interrupt);
        Configure(folder, "alarm_dead_seconds =", new Uri($"http://127.0.0.1:{IsrProgram.FreePort()}/dead.mp3"));
        await using var next = IsrProgram.Start(folder, ["record"]);
        await Wait.UntilAsync(() => folder.Entries<AlarmEnded>().Count == 1, s_patience, () => next.Errors);
        Assert.StartsWith("This is no longer watched", folder.Entries<AlarmEnded>()[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_alarm_is_sent_with_its_end_and_the_answer_is_said()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var folder = new ProgramFolder();
        await File.WriteAllTextAsync(folder.File("secret"), "from a file\n", TestContext.Current.CancellationToken);
        Configure(folder, $"webhook_url = {receiver.Url("/hidden")}\nwebhook_secret_file = secret\nheartbeat_url = {receiver.Url("/beat")}", new Uri("http://127.0.0.1:9/"));

        var sent = await IsrProgram.RunAsync(folder, "alarms", "test");

        Assert.Equal((0, ""), (sent.ExitCode, sent.Errors));
        Assert.Equal(["test began", "test ended"], receiver.Taken.Select(message => message.What), StringComparer.Ordinal);
        Assert.Contains("answered 204", sent.Text, StringComparison.Ordinal);
        var bytes = receiver.Taken[0].Body;
        string[] parts = receiver.Taken[0].Signature!.Split(',');
        var seconds = parts[0]["t=".Length..];
        var digest = await Processes.CheckAsync("openssl", ["dgst", "-sha256", "-hmac", "from a file", "-r"], (byte[])[.. System.Text.Encoding.ASCII.GetBytes(seconds + "."), .. bytes]);
        Assert.StartsWith(parts[1]["v1=".Length..], digest.Text, StringComparison.Ordinal);

        receiver.Status = 500;
        var refused = await IsrProgram.RunAsync(folder, "alarms", "test");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("answered 500", refused.Text, StringComparison.Ordinal);

        var check = await IsrProgram.RunAsync(folder, "check");
        Assert.Contains($"Alarms are sent to http://127.0.0.1:{receiver.Port}/…, signed.", check.Text, StringComparison.Ordinal);
        Assert.Contains($"While all is well http://127.0.0.1:{receiver.Port}/… is fetched every minute.", check.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", sent.All + refused.All + check.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("check")]
    [InlineData("record")]
    [InlineData("alarms", "test")]
    public async Task A_secret_that_cannot_be_read_is_said_before_anything_starts(params string[] words)
    {
        using var folder = new ProgramFolder();
        Configure(folder, "webhook_url = http://127.0.0.1:9/\nwebhook_secret_file = nowhere", new Uri("http://127.0.0.1:9/"));

        var result = await IsrProgram.RunAsync(folder, words);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"webhook_secret_file {folder.File("nowhere")} cannot be read", result.All, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("recordings", RecorderStatus.FileName)));
    }

    [Fact]
    public async Task Where_nothing_is_wrong_nothing_is_listed()
    {
        var answer = await served.AskAsync("/api/alarms?from=2026-01-01");

        Assert.Equal(200, answer.Status);
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal((0, 0), (json.RootElement.GetProperty("active").GetArrayLength(), json.RootElement.GetProperty("past").GetArrayLength()));
    }

    [Theory]
    [InlineData("/api/alarms?from=soon")]
    [InlineData("/api/alarms?from=2026-02-02&to=2026-01-01")]
    public async Task A_span_that_is_none_is_refused(string address) => Assert.Equal(400, (await served.AskAsync(address)).Status);

    /// <summary>The long one: a real station falls silent, dies and comes back, with all that a receiver sees of it.</summary>
    [Fact]
    public async Task A_station_that_falls_silent_and_dies_is_told_of_each()
    {
        Assert.SkipUnless(Campaign.IsFull, "Takes two minutes: with ISR_CAMPAIGN=full.");
        await using var icecast = await IcecastServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var folder = new ProgramFolder();
        Configure(
            folder, $"alarm_dead_seconds = 5\nalarm_silence_seconds = 10\nwebhook_url = {receiver.Url()}\nwebhook_secret = s3cret\nheartbeat_url = {receiver.Url("/beat")}", icecast.Url("/radio.mp3"));
        var sound = await icecast.FeedAsync("/radio.mp3");
        await using var program = IsrProgram.Start(folder, ["run", "--no-auth"], withPage: true);
        await program.UntilRecordingAsync(folder);
        await UntilAsync(receiver, 0, "GET /beat");

        sound.Kill();
        await Wait.UntilAsync(async () => !await icecast.IsLiveAsync("/radio.mp3"), s_patience, () => "the station is still there");
        var began = TimeProvider.System.GetTimestamp();
        await using (var silence = Silence(icecast))
        {
            await UntilAsync(receiver, 1, "silent began radio");
        }

        var silentAfter = TimeProvider.System.GetElapsedTime(began);
        var again = await icecast.FeedAsync("/radio.mp3");
        await UntilAsync(receiver, 2, "silent ended radio");
        again.Kill();
        began = TimeProvider.System.GetTimestamp();
        await UntilAsync(receiver, 3, "dead began radio");
        var deadAfter = TimeProvider.System.GetElapsedTime(began);
        var beats = receiver.Received.Count(message => message.Path == "/beat");
        await icecast.FeedAsync("/radio.mp3");
        await UntilAsync(receiver, 4, "dead ended radio");
        await Wait.UntilAsync(() => receiver.Received.Count(message => message.Path == "/beat") > beats, TimeSpan.FromMinutes(3), "no heartbeat comes again");

        Campaign.WriteTable(
            "alarms", string.Create(CultureInfo.InvariantCulture, $"What a receiver saw: silence of 10 s told after {silentAfter.TotalSeconds:0} s, death of 5 s after {deadAfter.TotalSeconds:0} s"),
            ["received"],
            receiver.Received.Select(message => new[] { message.ToString() }));
    }

    private static Processes Silence(IcecastServer icecast) => Processes.Start(
        "ffmpeg",
        [
            "-nostdin", "-v", "warning", "-re", "-f", "lavfi", "-i", "anullsrc=r=44100:cl=stereo", .. TestAudio.Codec("mp3"), "-content_type", "audio/mpeg",
            $"icecast://source:{IcecastServer.Password}@127.0.0.1:{icecast.Port}/radio.mp3",
        ]);

    /// <summary>The message of that number is that; 0 is any.</summary>
    private static Task UntilAsync(WebhookReceiver receiver, int number, string what) => Wait.UntilAsync(
        () => number == 0
            ? receiver.Received.Any(message => $"{message.Method} {message.Path}" == what)
            : receiver.Received.Where(message => message.Method == "POST").ElementAtOrDefault(number - 1) is { } found
                && (found.What == what ? true : throw new InvalidOperationException($"{what} was to come, and {found} came")),
        TimeSpan.FromMinutes(3),
        () => $"{what} did not come: {string.Join('\n', receiver.Received)}");

    private static void Configure(ProgramFolder folder, string general, Uri url)
    {
        folder.Configure(60, ("radio", url));
        File.WriteAllText(folder.Config, File.ReadAllText(folder.Config).Replace("[general]\n", $"[general]\n{general}\n", StringComparison.Ordinal));
    }

    private static async Task<AlarmsAnswer> AlarmsAsync(IsrProgram program) =>
        JsonSerializer.Deserialize(await program.Http.GetStringAsync(new Uri("/api/alarms", UriKind.Relative), TestContext.Current.CancellationToken), AlarmJson.Default.AlarmsAnswer)!;
}
