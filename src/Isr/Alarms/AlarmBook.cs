using System.Security.Cryptography;
using System.Text.Json;
using Isr.Alarms.Rules;
using Isr.Alarms.Webhooks;
using Isr.Recording.Disk;
using Isr.Recording.Journal;
using Isr.Recording.Status;

namespace Isr.Alarms;

/// <summary>
/// Alarms that go on, and whoever is to know of their begin and end: the log, the journal, status.json, webhooks. They are kept in alarms.json of the
/// state directory, so that a restart neither begins them anew nor forgets to end them. Changed by one task, read by any.
/// </summary>
internal sealed partial class AlarmBook(string stateDirectory, JournalWriter journal, StatusFile status, WebhookSpool spool, TimeProvider time, ILogger<AlarmBook> logger) : IDisposable
{
    public const string FileName = "alarms.json";

    /// <summary>A journal of so many days is looked at for what a crash kept out of alarms.json.</summary>
    private const int DaysRead = 2;

    private static readonly TimeSpan s_retry = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _changed = new(0, 1);
    private bool _fails;

    /// <summary>What goes on, the oldest first.</summary>
    public IReadOnlyList<ActiveAlarm> Active => status.Alarms;

    private string FilePath => Path.Combine(stateDirectory, FileName);

    public ActiveAlarm? Find(string kind, string? source) => Active.FirstOrDefault(alarm => alarm.Kind == kind && alarm.Source == source);

    /// <summary>Takes up what went on when the program ended last.</summary>
    public void Load()
    {
        var active = new Dictionary<string, ActiveAlarm>(StringComparer.Ordinal);
        try
        {
            foreach (var alarm in ReadKept())
            {
                active[alarm.Id] = alarm;
            }

            foreach (var entry in JournalReader.Days(stateDirectory).TakeLast(DaysRead).SelectMany(JournalReader.Read))
            {
                if (entry is AlarmBegan began)
                {
                    active.TryAdd(began.Id, new ActiveAlarm(began.Id, began.Kind, began.Source, began.Since, began.Sentence)
                    {
                        Values = began.Values ?? new Dictionary<string, double>(StringComparer.Ordinal),
                    });
                }
                else if (entry is AlarmEnded ended)
                {
                    active.Remove(ended.Id);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LogNotRead(FilePath, e.Message);
        }

        Publish([.. active.Values.OrderBy(alarm => alarm.Since)]);
    }

    public void Begin(AlarmRule rule)
    {
        var alarm = new ActiveAlarm(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), rule.Kind, rule.Source, time.GetLocalNow() - rule.Ago, rule.Sentence)
        {
            Values = rule.Values,
        };
        LogBegan(alarm.Sentence);
        journal.Append(new AlarmBegan(alarm.Id, alarm.Kind, alarm.Source, alarm.Since, alarm.Sentence, alarm.Values));
        spool.Add(MessageOf(alarm, "began", null, alarm.Sentence));
        Publish([.. Active, alarm]);
    }

    /// <param name="alarm">Which one.</param>
    /// <param name="ago">How long ago it was over.</param>
    /// <param name="ending">What became of it, by how long it lasted.</param>
    public void End(ActiveAlarm alarm, TimeSpan ago, Func<TimeSpan, string> ending)
    {
        var until = time.GetLocalNow() - ago;

        // A clock that was set may have it end before it began.
        until = until < alarm.Since ? alarm.Since : until;
        var sentence = ending(until - alarm.Since);
        LogEnded(sentence);
        journal.Append(new AlarmEnded(alarm.Id, alarm.Kind, alarm.Source, alarm.Since, until, sentence));
        spool.Add(MessageOf(alarm with { Values = new Dictionary<string, double>(StringComparer.Ordinal) }, "ended", until, sentence));
        Publish([.. Active.Where(other => other.Id != alarm.Id)]);
    }

    /// <summary>What webhooks are sent of an alarm.</summary>
    public static WebhookMessage MessageOf(ActiveAlarm alarm, string state, DateTimeOffset? until, string sentence) => new(
        alarm.Id, alarm.Kind, state, alarm.Source, alarm.Since, until, sentence, alarm.Values, Environment.MachineName, ProgramVersion.Text);

    /// <summary>Writes alarms.json after each change, until it is told to stop: apart from who notices, so that a disk which hangs holds up no alarm.</summary>
    public async Task KeepAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stoppingToken);
                while (!TryWrite())
                {
                    await Task.Delay(s_retry, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _changed.Dispose();

    private List<ActiveAlarm> ReadKept()
    {
        if (!File.Exists(FilePath))
        {
            return [];
        }

        var kept = JsonSerializer.Deserialize(File.ReadAllBytes(FilePath), AlarmJson.Default.AlarmsKept)?.Active ?? [];
        return [.. kept.Where(alarm => alarm is { Id: not null, Kind: not null, Sentence: not null, Values: not null })];
    }

    private void Publish(IReadOnlyList<ActiveAlarm> active)
    {
        status.Alarms = active;
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // A write is due already; it will see this change too.
        }
    }

    private bool TryWrite()
    {
        try
        {
            Directory.CreateDirectory(stateDirectory);
            FreshFile.ReplaceDurably(FilePath, FilePath + ".new", JsonSerializer.SerializeToUtf8Bytes(new AlarmsKept(Active), AlarmJson.Default.AlarmsKept));
            _fails = false;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_fails)
            {
                _fails = true;
                LogNotWritten(FilePath, e.Message);
            }

            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alarm: {Sentence}")]
    private partial void LogBegan(string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "Alarm over: {Sentence}")]
    private partial void LogEnded(string sentence);

    [LoggerMessage(Level = LogLevel.Error, Message = "Which alarms went on cannot be read from {Path} and the journal: {Reason}. They begin anew")]
    private partial void LogNotRead(string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} cannot be written, so that a restart would begin alarms anew: {Reason}. It is tried every minute")]
    private partial void LogNotWritten(string path, string reason);
}
