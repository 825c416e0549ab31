using System.Text;
using Isr.Alarms;
using Isr.Alarms.Webhooks;
using Isr.Tests.Support;

namespace Isr.Tests.Alarms.Webhooks;

/// <summary>Messages to a real server, on a clock that moves when it is told to.</summary>
public sealed class WebhookTests : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 10, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
    private readonly CollectedLog<WebhookSender> _log = new();
    private readonly CollectedLog<WebhookSpool> _spoolLog = new();
    private readonly List<IAsyncDisposable> _runs = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs)
        {
            await run.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Fact]
    public async Task A_message_is_signed_so_that_openssl_finds_the_same()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var run = await StartAsync("Schlüssel 1", receiver.Url());

        run.Spool.Add(Message("a", "began"));
        await receiver.UntilTakenAsync(1);

        var message = receiver.Taken[0];
        var seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        Assert.StartsWith($"t={seconds},v1=", message.Signature, StringComparison.Ordinal);
        var digest = await Processes.CheckAsync("openssl", ["dgst", "-sha256", "-hmac", "Schlüssel 1", "-r"], (byte[])[.. Encoding.ASCII.GetBytes($"{seconds}."), .. message.Body]);
        Assert.Equal(digest.Text[..64], message.Signature!.Split("v1=")[1]);
        Assert.Equal(("dead began radio", "a", "computer"), (message.What, message.Id, message.Json.GetProperty("host").GetString()));
        Assert.True(Guid.TryParse(message.Delivery, out _));
        await run.UntilWaitingAsync(0);
    }

    [Fact]
    public async Task A_message_that_is_not_taken_comes_again_as_it_was_after_growing_waits()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 500;
        var run = await StartAsync(null, receiver.Url());

        run.Spool.Add(Message("a", "began"));
        for (var i = 1; i <= 14; i++)
        {
            await receiver.UntilReceivedAsync(i);
            var wait = TimeSpan.FromSeconds(Math.Min(3600, Math.Pow(2, i - 1)));
            await Wait.UntilAsync(() => _time.UntilNextTimer == wait, s_patience, () => $"after {i} failures it waits for {_time.UntilNextTimer}, not {wait}");
            _time.Advance(wait - TimeSpan.FromMilliseconds(1));
            Assert.Equal(i, receiver.Received.Count);
            receiver.Status = i == 13 ? 200 : 500;
            _time.Advance(TimeSpan.FromMilliseconds(1));
            if (i == 13)
            {
                break;
            }
        }

        await receiver.UntilTakenAsync(1);
        Assert.Single(receiver.Received.Select(message => message.Delivery).Distinct(StringComparer.Ordinal));
        Assert.Single(receiver.Received.Select(message => Encoding.UTF8.GetString(message.Body)).Distinct(StringComparer.Ordinal));
        Assert.All(receiver.Received, message => Assert.Null(message.Signature));
        await run.UntilWaitingAsync(0);

        // Said once each, and nothing of the address but where it is.
        await Wait.UntilAsync(() => _log.Lines.Count == 2, s_patience, () => string.Join('\n', _log.Lines));
        Assert.StartsWith($"Warning: The webhook at http://127.0.0.1:{receiver.Port}/… answered 500; it is tried again", _log.Lines.First(), StringComparison.Ordinal);
        Assert.EndsWith("takes messages again, after 13 tries that failed", _log.Lines.Last(), StringComparison.Ordinal);
        Assert.Equal((1L, 13L), (run.Figures.WebhooksDelivered, run.Figures.WebhookTriesFailed));
    }

    [Fact]
    public async Task An_alarm_that_its_receiver_cannot_take_does_not_hold_up_others_and_keeps_its_own_order()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var isHealed = false;
        receiver.Decide = message => message.Id == "poison" && !Volatile.Read(ref isHealed) ? 500 : 204;
        var run = await StartAsync(null, receiver.Url());

        run.Spool.Add(Message("poison", "began"));
        await receiver.UntilReceivedAsync(1);
        run.Spool.Add(Message("poison", "ended"));
        run.Spool.Add(Message("other", "began"));
        run.Spool.Add(Message("other", "ended"));
        await Wait.UntilAsync(() => Pass(() => receiver.Taken.Count >= 2), s_patience, () => string.Join('\n', receiver.Received));
        Assert.Equal(["other", "other"], receiver.Taken.Select(message => message.Id), StringComparer.Ordinal);

        Volatile.Write(ref isHealed, true);
        await Wait.UntilAsync(() => Pass(() => receiver.Taken.Count == 4), s_patience, () => string.Join('\n', receiver.Received));

        Assert.Equal(["poison", "poison"], receiver.Taken.Skip(2).Select(message => message.Id), StringComparer.Ordinal);
        Assert.Equal(["dead began radio", "dead ended radio", "dead began radio", "dead ended radio"], receiver.Taken.Select(message => message.What), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Who_hangs_is_left_after_ten_seconds_and_a_redirect_is_not_followed()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Hangs = true;
        var run = await StartAsync(null, receiver.Url());

        run.Spool.Add(Message("a", "began"));
        await receiver.UntilReceivedAsync(1);
        receiver.Hangs = false;
        receiver.Status = 307;
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Empty(_log.Lines);
        await Wait.UntilAsync(() => Pass(() => receiver.Received.Count >= 2), s_patience, () => string.Join('\n', _log.Lines));

        Assert.Contains("did not answer within 10 s", _log.Lines.First(), StringComparison.Ordinal);
        Assert.DoesNotContain(receiver.Received, message => message.Path == "/elsewhere");
        Assert.Equal(1, run.Figures.WebhooksWaiting);
    }

    [Fact]
    public async Task What_is_gone_for_good_is_given_up_and_what_is_refused_is_not()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Decide = message => message.Id == "gone" ? 410 : 404;
        var run = await StartAsync(null, receiver.Url());

        run.Spool.Add(Message("gone", "began"));
        run.Spool.Add(Message("refused", "began"));
        await receiver.UntilReceivedAsync(2);

        await run.UntilWaitingAsync(1);
        Assert.Equal(1, run.Figures.WebhooksDropped);
        Assert.Contains("410", _log.Lines.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_three_days_a_message_is_given_up_but_never_untried()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 503;
        var first = await StartAsync(null, receiver.Url());
        first.Spool.Add(Message("a", "began"));
        await receiver.UntilReceivedAsync(1);
        await Wait.UntilAsync(() => Directory.GetFiles(_directory.File("webhooks"), "*.json").Length == 1, s_patience, "it was not kept");
        await first.DisposeAsync();

        // The computer was off for so long; or its clock wrong.
        _time.StepWall(TimeSpan.FromDays(30));
        var second = await StartAsync(null, receiver.Url());
        await receiver.UntilReceivedAsync(2);

        await second.UntilWaitingAsync(0);
        Assert.Contains(_log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("given up", StringComparison.Ordinal));
        await Wait.UntilAsync(() => Directory.GetFiles(_directory.File("webhooks"), "*.json").Length == 0, s_patience, "it is still kept");
    }

    [Fact]
    public async Task A_restart_goes_on_with_what_waits_and_forgets_what_was_for_others()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var other = await WebhookReceiver.StartAsync();
        receiver.Status = other.Status = 500;
        var first = await StartAsync(null, receiver.Url("/a?key=secret"), other.Url());
        for (var i = 0; i < 3; i++)
        {
            first.Spool.Add(Message($"{i}", "began"));
        }

        await Wait.UntilAsync(() => Directory.Exists(_directory.File("webhooks")) && Directory.GetFiles(_directory.File("webhooks"), "*.json").Length == 6, s_patience, "not all are kept");
        await receiver.UntilReceivedAsync(1);
        await first.DisposeAsync();
        Assert.DoesNotContain("secret", string.Concat(Directory.GetFiles(_directory.File("webhooks")).Select(File.ReadAllText)), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_directory.File("webhooks", "0000000000000099.json"), "{\"half", TestContext.Current.CancellationToken);
        receiver.Status = 200;

        var second = await StartAsync(null, receiver.Url("/a?key=secret"));
        await receiver.UntilTakenAsync(3);

        Assert.Equal(["0", "1", "2"], receiver.Taken.Select(message => message.Id), StringComparer.Ordinal);
        Assert.Contains(receiver.Received[0].Delivery, receiver.Taken.Select(message => message.Delivery), StringComparer.Ordinal);
        await second.UntilWaitingAsync(0);
        Assert.Contains(_spoolLog.Lines, line => line.Contains("3 webhook messages were for addresses", StringComparison.Ordinal));
        Assert.Contains(_spoolLog.Lines, line => line.Contains("is no webhook message", StringComparison.Ordinal));
        Assert.Contains(_spoolLog.Lines, line => line.Contains("3 webhook messages of earlier runs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task When_too_many_wait_the_oldest_go_and_that_is_said()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 500;
        var run = await StartAsync(null, receiver.Url());

        for (var i = 0; i < WebhookSpool.MaxDeliveries + 10; i++)
        {
            run.Spool.Add(Message($"{i}", "began"));
        }

        Assert.Equal((WebhookSpool.MaxDeliveries, 10L), (run.Figures.WebhooksWaiting, run.Figures.WebhooksDropped));
        Assert.Contains(_spoolLog.Lines, line => line.StartsWith("Error: Too many", StringComparison.Ordinal));
        for (var i = 0; i < 200; i++)
        {
            run.Spool.Add(Message($"long {i}", "began") with { Sentence = new string('x', 100_000) });
        }

        Assert.InRange(run.Figures.WebhooksWaiting, 1, WebhookSpool.MaxBytes / 100_000);
        await Wait.UntilAsync(
            () => Directory.GetFiles(_directory.File("webhooks"), "*.json").Length == run.Figures.WebhooksWaiting, s_patience, () => $"{Directory.GetFiles(_directory.File("webhooks")).Length} files");
    }

    [Fact]
    public async Task A_disk_that_does_not_keep_messages_holds_none_up()
    {
        await File.WriteAllTextAsync(_directory.File("webhooks"), "no folder", TestContext.Current.CancellationToken);
        await using var receiver = await WebhookReceiver.StartAsync();
        var run = await StartAsync(null, receiver.Url());

        run.Spool.Add(Message("a", "began"));
        run.Spool.Add(Message("a", "ended"));

        await receiver.UntilTakenAsync(2);
        await Wait.UntilAsync(() => _spoolLog.Lines.Count > 0, s_patience, "nothing was said");
        Assert.Contains("they are sent all the same", Assert.Single(_spoolLog.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_of_the_address_are_sent_and_never_said()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 500;
        var run = await StartAsync("s3cret", new UriBuilder(receiver.Url("/T0KEN")) { UserName = "user", Password = "p%40ss" }.Uri);

        run.Spool.Add(Message("a", "began"));
        await receiver.UntilReceivedAsync(1);
        await Wait.UntilAsync(() => _log.Lines.Count > 0, s_patience, "nothing was said");

        Assert.Equal("Basic " + Convert.ToBase64String("user:p@ss"u8), receiver.Received[0].Authorization);
        var said = string.Concat(_log.Lines.Concat(_spoolLog.Lines));
        Assert.All(["user", "p%40ss", "p@ss", "T0KEN", "s3cret"], secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(2, null, 2)]
    [InlineData(12, null, 2048)]
    [InlineData(13, null, 3600)]
    [InlineData(100_000, null, 3600)]
    [InlineData(1, 120.0, 120)]
    [InlineData(1, 1e7, 3600)]
    [InlineData(5, -4.0, 16)]
    public void Waits_grow_to_an_hour_and_heed_what_the_server_asks(int failures, double? retryAfter, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WebhookSender.WaitAfter(failures, retryAfter is { } s ? TimeSpan.FromSeconds(s) : null));

    private static WebhookMessage Message(string id, string state) => new(
        id, "dead", state, "radio", DateTimeOffset.UnixEpoch, null, "Nothing of radio has been recorded.", new Dictionary<string, double>(StringComparer.Ordinal), "computer", "1");

    /// <summary>Lets time pass until it is so.</summary>
    private bool Pass(Func<bool> condition)
    {
        if (!condition())
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        return condition();
    }

    private async Task<Run> StartAsync(string? secret, params Uri[] urls)
    {
        var figures = new AlarmFigures();
        var spool = new WebhookSpool(_directory.Path, [.. urls.Select(url => new WebhookTarget(url))], figures, _time, _spoolLog);
        var client = new WebhookClient(secret, _time);
        var run = new Run(spool, new WebhookSender(spool, client, figures, _time, _log), client, figures);
        _runs.Add(run);
        await run.Sender.StartAsync(TestContext.Current.CancellationToken);
        return run;
    }

    private sealed record Run(WebhookSpool Spool, WebhookSender Sender, WebhookClient Client, AlarmFigures Figures) : IAsyncDisposable
    {
        public Task UntilWaitingAsync(int count) => Wait.UntilAsync(() => Figures.WebhooksWaiting == count, s_patience, () => $"{Figures.WebhooksWaiting} wait, not {count}");

        public async ValueTask DisposeAsync()
        {
            await Sender.StopAsync(CancellationToken.None);
            Sender.Dispose();
            Client.Dispose();
        }
    }
}
