using System.Text.Json;
using Isr.Alarms;
using Isr.Alarms.Health;
using Isr.Alarms.Rules;
using Isr.Alarms.Webhooks;
using Isr.Catalog;
using Isr.Catalog.Keeping;
using Isr.Configuration;
using Isr.Naming;
using Isr.Recording;
using Isr.Recording.Journal;
using Isr.Recording.Status;
using Isr.Recording.Time;
using Isr.Sources;
using Isr.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Tests.Alarms;

/// <summary>What is fetched of a real server while all is well, and what is kept of alarms.</summary>
public sealed class HeartbeatTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 5, 23, 10, 0, 0, TimeSpan.Zero), TimeZoneInfo.Utc);
    private readonly CollectedLog<HeartbeatSender> _log = new();
    private readonly LogLines _lines = new();
    private readonly ILoggerFactory _loggers;
    private readonly JournalWriter _journal;
    private long _bytes;

    public HeartbeatTests()
    {
        _loggers = _lines.CreateFactory();
        Directory.CreateDirectory(_directory.File("rec"));
        _journal = new JournalWriter(_directory.Path, _time, _loggers.CreateLogger<JournalWriter>());
    }

    public void Dispose()
    {
        _journal.Dispose();
        _loggers.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task It_comes_each_minute_stops_while_something_is_wrong_and_says_so_once()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        using var book = Book();
        using var health = new HealthWatch(
            new HealthOptions([], 1), new ActiveFiles(_directory.File("rec"), _time), new KeepingOptions(_directory.File("rec"), _directory.Path), _time);
        using var client = new WebhookClient(null, _time);
        var figures = new AlarmFigures();
        using var heartbeat = new HeartbeatSender(new WebhookTarget(receiver.Url("/beat")), client, health, book, figures, _time, _log);
        Write(SourceState.Recording);
        Assert.Equal("ok", health.Report().Status);
        await heartbeat.StartAsync(TestContext.Current.CancellationToken);

        // Not at the start: a program that dies at once again and again is not well.
        await Wait.UntilAsync(() => _time.PendingTimers > 0, s_patience, "it does not wait");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Empty(receiver.Received);
        await MinuteAsync();
        await receiver.UntilReceivedAsync(1);
        await Wait.UntilAsync(() => figures.Heartbeats == 1, s_patience, "it was not counted");
        Assert.Equal(("GET", "/beat"), (receiver.Received[0].Method, receiver.Received[0].Path));

        var rule = new SilenceRule("radio", -50, TimeSpan.FromSeconds(1));
        Assert.True(rule.Observe(-80, TimeSpan.FromSeconds(1), TimeSpan.Zero));
        book.Begin(rule);
        await MinuteAsync();
        await Wait.UntilAsync(() => _log.Lines.Count == 1, s_patience, "nothing is said");
        await MinuteAsync();
        await MinuteAsync();
        Assert.Equal("Warning: No heartbeat is sent while this lasts: radio has been silent for 1 s: below -50 dBFS.", Assert.Single(_log.Lines));
        Assert.False(figures.IsBeating);
        Assert.Single(receiver.Received);

        book.End(book.Active[0], TimeSpan.Zero, rule.Ending);
        await MinuteAsync();
        await receiver.UntilReceivedAsync(2);
        await Wait.UntilAsync(() => figures.Heartbeats == 2, s_patience, "it was not counted");
        Assert.Equal("Information: All is well: heartbeats are sent again", _log.Lines.Last());

        // No alarm, but health fails: the recorder does not write its status any more.
        _time.Advance(TimeSpan.FromMinutes(2));
        await Wait.UntilAsync(() => _log.Lines.Count == 3, s_patience, () => string.Join('\n', _log.Lines));
        Assert.Contains("No recorder is running", _log.Lines.Last(), StringComparison.Ordinal);
        await heartbeat.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void An_alarm_outlives_a_restart_whichever_of_its_two_files_is_lost()
    {
        var rule = new SilenceRule("radio", -50, TimeSpan.FromSeconds(60));
        Assert.True(rule.Observe(-80, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20)));
        using var book = Book();
        book.Begin(rule);
        var alarm = Assert.Single(book.Active);
        Assert.Equal(_time.GetLocalNow().AddSeconds(-80), alarm.Since);

        // The journal alone, as a crash at once leaves it.
        JournalFiles.Append(_directory.Path, new AlarmBegan(alarm.Id, alarm.Kind, alarm.Source, alarm.Since, alarm.Sentence, alarm.Values) { At = _time.GetUtcNow() });
        AssertLoaded(alarm);

        // alarms.json alone: it began weeks ago.
        Directory.Delete(_directory.File("journal"), recursive: true);
        File.WriteAllBytes(_directory.File(AlarmBook.FileName), JsonSerializer.SerializeToUtf8Bytes(new AlarmsKept([alarm]), AlarmJson.Default.AlarmsKept));
        AssertLoaded(alarm);

        // Its end in the journal, and alarms.json of before.
        JournalFiles.Append(_directory.Path, new AlarmEnded(alarm.Id, alarm.Kind, alarm.Source, alarm.Since, _time.GetUtcNow(), "over") { At = _time.GetUtcNow() });
        AssertLoaded();

        File.WriteAllText(_directory.File(AlarmBook.FileName), "[{half");
        AssertLoaded();
        Assert.Contains(_lines.All, line => line.Contains("They begin anew", StringComparison.Ordinal));
    }

    private void AssertLoaded(params ActiveAlarm[] expected)
    {
        using var book = Book();
        book.Load();
        Assert.Equal(expected.Select(alarm => (alarm.Id, alarm.Kind, alarm.Source, alarm.Since)), book.Active.Select(alarm => (alarm.Id, alarm.Kind, alarm.Source, alarm.Since)));
    }

    /// <summary>A minute passes, in which the recorder lives.</summary>
    private async Task MinuteAsync()
    {
        var second = TimeSpan.FromSeconds(1);
        await Wait.UntilAsync(() => _time.UntilNextTimer is { } next && next >= second && next <= HeartbeatSender.Period, s_patience, "it does not wait");
        _time.Advance(_time.UntilNextTimer!.Value - second);
        Write(SourceState.Recording);
        _time.Advance(second);
    }

    private AlarmBook Book()
    {
        var clock = new WallClock(_time, () => ClockState.Synchronised);
        var general = new GeneralSettings
        {
            OutputDirectory = _directory.File("rec"),
            StateDirectory = _directory.Path,
            FilenamePattern = FileNamePattern.Default,
            LogLevel = LogLevel.Information,
            LogFile = null,
        };
        var status = new StatusFile(new RecordingFolder(general, clock), clock, _time, NullLogger<StatusFile>.Instance);
        var spool = new WebhookSpool(_directory.Path, [], new AlarmFigures(), _time, NullLogger<WebhookSpool>.Instance);
        return new AlarmBook(_directory.Path, _journal, status, spool, _time, _loggers.CreateLogger<AlarmBook>());
    }

    private void Write(SourceState state)
    {
        var status = new RecorderStatus
        {
            Updated = _time.GetUtcNow(),
            Pid = Environment.ProcessId,
            Sources = [new SourceStatus { Name = "radio", Type = "stream", State = state, Bytes = _bytes += 1000 }],
        };
        File.WriteAllBytes(_directory.File("rec", RecorderStatus.FileName), JsonSerializer.SerializeToUtf8Bytes(status, StatusJson.Default.RecorderStatus));
        File.SetLastWriteTimeUtc(_directory.File("rec", RecorderStatus.FileName), _time.GetUtcNow().UtcDateTime.AddTicks(_bytes));
    }
}
