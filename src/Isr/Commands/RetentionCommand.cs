using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Isr.Analysis;
using Isr.Catalog;
using Isr.Catalog.Keeping;
using Isr.Catalog.Retention;
using Isr.Configuration;
using Isr.Recording.Journal;
using Isr.Recording.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Commands;

/// <summary>`retention`: what is not to be kept, why, and how long it goes on like this.</summary>
internal static class RetentionCommand
{
    public static Command Create()
    {
        var command = new Command("retention", "Delete what keep_days, keep_gb and keep_free_gb say is not to be kept. A recorder does it by itself, every hour.");
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        var isDryRun = new Option<bool>("--dry-run") { Description = "Delete nothing; say what would go, and why." };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        command.Add(isDryRun);
        command.Add(json);
        command.SetAction((result, cancellationToken) => RunAsync(options.Read(result), result.GetValue(isDryRun), result.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(RunOptions options, bool isDryRun, bool isJson, CancellationToken cancellationToken)
    {
        var time = TestClock.FromEnvironment() ?? TimeProvider.System;
        if (RunCommand.LoadSettings(options, RunParts.Page) is not { } settings)
        {
            return ExitCode.Wrong;
        }

        if (!Directory.Exists(settings.General.OutputDirectory))
        {
            await Console.Error.WriteLineAsync($"There is no folder {settings.General.OutputDirectory}: name the recordings folder with --dir, or the configuration with --config.");
            return ExitCode.Wrong;
        }

        var parts = new Parts(settings, time);
        var (_, report) = parts.Survey.Look(RetentionExtensions.ClockOf(time));
        if (isJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, RetentionJson.Default.RetentionReport));
        }
        else
        {
            Write(report, settings.General.OutputDirectory);
        }

        return isDryRun ? ExitCode.Done : await DeleteAsync(parts, isJson, cancellationToken);
    }

    private static async Task<int> DeleteAsync(Parts parts, bool isJson, CancellationToken cancellationToken)
    {
        using var remote = parts.Remote();
        var answer = await remote.DoAsync(new RunRetention(), cancellationToken);
        if (!answer.IsDone)
        {
            await Console.Error.WriteLineAsync(answer.Sentence);
            return ExitCode.Failed;
        }

        if (!isJson)
        {
            Console.WriteLine($"Deleted {Count(answer.Count)}, {RetentionPlan.Gigabytes(answer.Bytes)}.");
        }

        if (answer.Sentence is { } reason)
        {
            await Console.Error.WriteLineAsync(reason);
            return ExitCode.Failed;
        }

        return ExitCode.Done;
    }

    private static void Write(RetentionReport report, string folder)
    {
        if (!report.IsOn)
        {
            Console.WriteLine("Neither keep_days nor keep_gb nor keep_free_gb is set: nothing is deleted by itself, but for what has been in the trash for a week.");
        }

        if (report.Removals is { Count: > 0 } removals)
        {
            TextTable.Write(
                Console.Out,
                ["began", "source", "size", "file", "why"],
                removals.Select(r => new[] { Moment(r.Start), r.Source ?? "", RetentionPlan.Gigabytes(r.Bytes), OneLine(r.Name) + (r.Item is null ? "" : " (trash)"), r.Reason }));
            Console.WriteLine();
        }

        Console.WriteLine($"{folder}: {Count(report.Files)}, {RetentionPlan.Gigabytes(report.Bytes)}; in the trash {report.TrashFiles}, {RetentionPlan.Gigabytes(report.TrashBytes)}; "
            + $"protected or labelled {report.Kept}, {RetentionPlan.Gigabytes(report.KeptBytes)}.");
        Console.WriteLine($"To go: {Count(report.RemovalCount)}, {RetentionPlan.Gigabytes(report.RemovalBytes)}.");
        foreach (var sentence in report.Shortfalls.Concat(report.Forecast.Sentences))
        {
            Console.WriteLine(sentence);
        }

        if (report.Doubt is { } doubt)
        {
            Console.WriteLine($"Nothing is deleted for now. {doubt}");
        }
    }

    private static string Count(int files) => files == 1 ? "1 recording" : string.Create(CultureInfo.InvariantCulture, $"{files} recordings");

    private static string Moment(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A name must not make up lines of its own.</summary>
    private static string OneLine(string name) => string.Concat(name.Select(c => char.IsControl(c) ? ' ' : c));

    /// <summary>Marks, trash and survey without the rest of the program.</summary>
    private sealed class Parts
    {
        private readonly KeepingOptions _keeping;
        private readonly MarkStore _marks;
        private readonly TrashFolder _trash;
        private readonly WrittenFiles _written;
        private readonly RecordingsMarker _marker;
        private readonly LevelStore _levels;
        private readonly TimeProvider _time;

        public Parts(Settings settings, TimeProvider time)
        {
            _time = time;
            _keeping = new KeepingOptions(settings.General.OutputDirectory, settings.General.StateDirectory);
            _marks = new MarkStore(_keeping);
            _trash = new TrashFolder(_keeping, time);
            var active = new ActiveFiles(_keeping.Folder, time);
            _written = new WrittenFiles(_keeping, active);
            _marker = new RecordingsMarker(_keeping);
            _levels = new LevelStore(new AnalysisOptions(settings.General.OutputDirectory, settings.General.LevelDirectory));
            Survey = new RetentionSurvey(_keeping, RetentionOptions.Of(settings), _marks, _trash, active, _marker, time);
        }

        public RetentionSurvey Survey { get; }

        public RemoteKeeper Remote() => new(
            _keeping,
            Create,
            () => new JournalWriter(_keeping.StateDirectory, _time, NullLogger<JournalWriter>.Instance),
            _time,
            NullLogger<RemoteKeeper>.Instance);

        /// <summary>Holds the state directory while it is used.</summary>
        private Keeper Create(Action<JournalEntry> append)
        {
            var keeper = new Keeper(_keeping, _trash, _marks, new LabelStore(_keeping, NullLogger<LabelStore>.Instance), _written, _levels, append);
            keeper.Retention = async cancellationToken =>
            {
                _marker.Make();
                using var run = new RetentionRun(Survey, keeper, _marker, _time, NullLogger<RetentionRun>.Instance);
                return await run.RunAsync(RetentionExtensions.ClockOf(_time), cancellationToken);
            };
            return keeper;
        }
    }
}
