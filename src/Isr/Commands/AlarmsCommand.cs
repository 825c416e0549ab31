using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Isr.Alarms;
using Isr.Alarms.Webhooks;
using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Catalog.Interop;
using Isr.Commands.Analyze;
using Isr.Recording.Status;
using Isr.Recording.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Commands;

/// <summary>`alarms`: which go on and which were; `alarms test`: whether messages arrive.</summary>
internal static class AlarmsCommand
{
    public static Command Create()
    {
        var command = new Command("alarms", "List the alarms that go on, and those of the last days. Exit code 1 while one goes on.");
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        var from = new Option<string?>("--from") { Description = "First day (2026-05-23) or moment (\"2026-05-23 14:30\"), local. Six days before the last, when left out.", HelpName = "DATE" };
        var to = new Option<string?>("--to") { Description = "Last day, the whole of it, or moment. Now, when left out.", HelpName = "DATE" };
        var json = new Option<bool>("--json") { Description = "As JSON, like GET /api/alarms." };
        command.Add(from);
        command.Add(to);
        command.Add(json);
        command.SetAction(result => List(options.Read(result), result.GetValue(from), result.GetValue(to), result.GetValue(json)));

        var test = new Command("test", "Send a test alarm and its end to every webhook_url, and say what is answered. Exit code 1 when one is not taken.");
        var testOptions = new CommonOptions();
        testOptions.AddTo(test, withPage: false);
        test.SetAction((result, cancellationToken) => TestAsync(testOptions.Read(result), cancellationToken));
        command.Add(test);
        return command;
    }

    private static int List(RunOptions options, string? from, string? to, bool json)
    {
        var time = TestClock.FromEnvironment() ?? TimeProvider.System;
        if (!CoverageSpan.TryRead(from, to, time, out var span, out var sentence))
        {
            Console.Error.WriteLine(sentence);
            return ExitCode.Wrong;
        }

        if (RunCommand.LoadSettings(options, RunParts.Page) is not { } settings)
        {
            return ExitCode.Wrong;
        }

        if (!SystemSqlite.IsThere)
        {
            Console.Error.WriteLine(SystemSqlite.Sentence);
            return ExitCode.Failed;
        }

        // What the recorder's index knows, and from there on the journal itself.
        var catalog = new CatalogOptions(settings.General.OutputDirectory, settings.General.StateDirectory, settings.FilenamePatterns);
        using var database = new CatalogDatabase(null, catalog.DatabasePath, NullLogger<CatalogDatabase>.Instance);
        new JournalIndex(catalog.StateDirectory, database).Update();
        var answer = new AlarmList(database, new ActiveFiles(catalog.Folder, time), time).Read(span);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(answer, AlarmJson.Default.AlarmsAnswer));
        }
        else
        {
            Write(answer);
        }

        return answer.Active.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Write(AlarmsAnswer answer)
    {
        Console.WriteLine(answer.Active.Count switch { 0 => "No alarm goes on.", 1 => "1 alarm goes on:", var count => $"{count} alarms go on:" });
        foreach (var alarm in answer.Active)
        {
            Console.WriteLine($"  since {Moment(alarm.Since)}  {ShownName.Of(alarm.Sentence)}");
        }

        if (answer.Past.Count > 0)
        {
            Console.WriteLine("Over:");
            TextTable.Write(
                Console.Out,
                ["  since", "until", "alarm"],
                answer.Past.Select(alarm => new[] { $"  {Moment(alarm.Since)}", alarm.Until is { } until ? Moment(until) : "not known", ShownName.Of(alarm.Sentence) }));
        }
    }

    private static async Task<int> TestAsync(RunOptions options, CancellationToken cancellationToken)
    {
        if (RunCommand.LoadSettings(options, RunParts.Recorder) is not { } settings)
        {
            return ExitCode.Wrong;
        }

        var alarms = settings.General.Alarms;
        if (alarms.Webhooks.Count == 0)
        {
            await Console.Error.WriteLineAsync($"There is no webhook_url in [general] of {options.ConfigPath}: nobody would be told.");
            return ExitCode.Wrong;
        }

        var (secret, mistake) = WebhookSecret.Of(alarms);
        if (mistake is not null)
        {
            await Console.Error.WriteLineAsync(mistake);
            return ExitCode.Failed;
        }

        var time = TestClock.FromEnvironment() ?? TimeProvider.System;
        using var client = new WebhookClient(secret, time);
        var isTaken = true;
        foreach (var url in alarms.Webhooks)
        {
            isTaken &= await TestAsync(new WebhookTarget(url), client, time, cancellationToken);
        }

        if (!client.IsSigned)
        {
            Console.WriteLine("Messages are not signed: set webhook_secret or webhook_secret_file so that the receiver can tell that they are yours.");
        }

        return isTaken ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<bool> TestAsync(WebhookTarget target, WebhookClient client, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetLocalNow();
        var alarm = new ActiveAlarm($"test{now.ToUnixTimeMilliseconds():x12}", AlarmKind.Test, null, now, "This is a test: somebody ran `isr alarms test`.");
        WebhookMessage[] messages = [AlarmBook.MessageOf(alarm, "began", null, alarm.Sentence), AlarmBook.MessageOf(alarm, "ended", now, "The test is over.")];
        foreach (var message in messages)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(message, AlarmJson.Default.WebhookMessage);
            var begun = time.GetTimestamp();
            var result = await client.PostAsync(target, Guid.CreateVersion7(now).ToString(), body, cancellationToken);
            Console.WriteLine($"{target} ({message.State}): {result.Sentence}, {time.GetElapsedTime(begun).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s");
            if (result.Outcome != SendOutcome.Delivered)
            {
                return false;
            }
        }

        return true;
    }

    private static string Moment(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
