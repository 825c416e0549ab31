using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Isr.Catalog;
using Isr.Catalog.Coverage;
using Isr.Catalog.Interop;
using Isr.Recording.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Isr.Commands;

/// <summary>`coverage`: what of every source is missing, and why.</summary>
internal static class CoverageCommand
{
    public static Command Create()
    {
        var command = new Command("coverage", "Say what of every source was recorded, what is missing, and why. Exit code 1 when something is missing.");
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        var from = new Option<string?>("--from") { Description = "First day (2026-05-23) or moment (\"2026-05-23 14:30\"), local. Six days before the last, when left out.", HelpName = "DATE" };
        var to = new Option<string?>("--to") { Description = "Last day, the whole of it, or moment. Now, when left out.", HelpName = "DATE" };
        var source = new Option<string?>("--source") { Description = "One source.", HelpName = "NAME" };
        var json = new Option<bool>("--json") { Description = "As JSON, like GET /api/coverage." };
        command.Add(from);
        command.Add(to);
        command.Add(source);
        command.Add(json);
        command.SetAction(result => Run(options.Read(result), result.GetValue(from), result.GetValue(to), result.GetValue(source), result.GetValue(json)));
        return command;
    }

    private static int Run(RunOptions options, string? from, string? to, string? source, bool json)
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

        // Lengths of files may be older than the files.
        database.RestOn("");
        var reporter = new CoverageReporter(catalog, database, new ActiveFiles(catalog.Folder, time), time);
        if (reporter.Sources().Count == 0)
        {
            Console.Error.WriteLine($"There is no journal in {catalog.StateDirectory}: nothing was recorded there. Name the recordings folder with --dir, or the configuration with --config.");
            return ExitCode.Wrong;
        }

        if (!string.IsNullOrEmpty(source) && !reporter.Sources().Contains(source, StringComparer.Ordinal))
        {
            Console.Error.WriteLine($"The journal in {catalog.StateDirectory} knows no source {source}. It knows: {string.Join(", ", reporter.Sources())}.");
            return ExitCode.Wrong;
        }

        var report = reporter.Report(span, source);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(report, CoverageJson.Default.CoverageReport));
        }
        else
        {
            Write(report);
        }

        return report.IsWhole ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Write(CoverageReport report)
    {
        if (report.Sources.Count == 0)
        {
            Console.WriteLine($"Nothing was to be recorded between {Moment(report.From)} and {Moment(report.To)}.");
            return;
        }

        TextTable.Write(
            Console.Out,
            ["source", "day", "expected", "recorded", "missing", "percent"],
            report.Sources.SelectMany(s => s.Days.Select(d => Row(s.Source, d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), d.Figures))));
        var gaps = report.Sources.SelectMany(s => s.Gaps.Select(g => (s.Source, Gap: g))).ToList();
        if (gaps.Count == 0)
        {
            Console.WriteLine("Nothing is missing.");
            return;
        }

        Console.WriteLine();
        TextTable.Write(
            Console.Out,
            ["source", "from", "to", "length", "cause", "what happened"],
            gaps.Select(g => new[] { g.Source, Moment(g.Gap.From), g.Gap.Open ? "now" : Moment(g.Gap.To), Length(g.Gap.Seconds), g.Gap.Cause, OneLine(g.Gap.Sentence) }));
    }

    private static string[] Row(string source, string day, CoverageFigures figures) =>
        [source, day, Length(figures.Expected), Length(figures.Recorded), Length(figures.Missing), figures.Percent.ToString("0.####", CultureInfo.InvariantCulture)];

    private static string Moment(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss.f zzz", CultureInfo.InvariantCulture);

    /// <summary>h:mm:ss.s, and milliseconds where that would show nothing.</summary>
    private static string Length(double seconds)
    {
        if (seconds is > 0 and < 0.1)
        {
            return string.Create(CultureInfo.InvariantCulture, $"0:00:0{seconds:0.000}");
        }

        var tenths = (long)Math.Round(seconds * 10);
        return string.Create(CultureInfo.InvariantCulture, $"{tenths / 36_000}:{tenths / 600 % 60:00}:{tenths / 10 % 60:00}.{tenths % 10}");
    }

    /// <summary>What a server sent must not make up lines of its own.</summary>
    private static string OneLine(string? sentence) => sentence is null ? "" : string.Concat(sentence.Select(c => char.IsControl(c) ? ' ' : c));
}
