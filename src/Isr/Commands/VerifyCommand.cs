using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Isr.Catalog.Coverage;
using Isr.Catalog.Evidence;
using Isr.Commands.Analyze;
using Isr.Recording.Journal;
using Isr.Recording.Time;

namespace Isr.Commands;

/// <summary>`verify`: the archive held against its journal.</summary>
internal static class VerifyCommand
{
    /// <summary>Digits of a chain value, of which so many name it.</summary>
    private const int LeastHeadDigits = 16;

    private const int MostHeadDigits = 64;

    public static Command Create()
    {
        var command = new Command("verify", "Prove the recordings against the journal: every file by its SHA-256, the chain of hashes, the journal's own lines. Exit code 1 when something is missing, changed or added.");
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        var from = new Option<string?>("--from") { Description = "Only files that hold something from this day (2026-05-23) or moment (\"2026-05-23 14:30\") on, local. The journal is always read whole.", HelpName = "DATE" };
        var to = new Option<string?>("--to") { Description = "Only files that begin before the end of this day, or before this moment.", HelpName = "DATE" };
        var source = new Option<string?>("--source") { Description = "Only files of one source.", HelpName = "NAME" };
        var quick = new Option<bool>("--quick") { Description = "Presence and sizes alone; no file is read." };
        var json = new Option<bool>("--json") { Description = "As JSON." };
        var printHead = new Option<bool>("--print-head") { Description = "Print the chain's last value and when it was written down, to be kept elsewhere; no file is looked at." };
        var head = new Option<string?>("--head") { Description = "A value that was printed earlier, or its first 16 digits: it must still be in the chain.", HelpName = "VALUE" };
        var ignoreAdded = new Option<bool>("--ignore-added") { Description = "Audio files that are not in the journal are named, and no fault." };
        Option[] own = [from, to, source, quick, json, printHead, head, ignoreAdded];
        Array.ForEach(own, command.Add);
        command.SetAction(result => Run(
            options.Read(result),
            (result.GetValue(from), result.GetValue(to)),
            new EvidenceRequest { Source = result.GetValue(source), IsQuick = result.GetValue(quick), Head = result.GetValue(head)?.Trim(), IgnoresAdded = result.GetValue(ignoreAdded) },
            result.GetValue(json),
            result.GetValue(printHead)));
        return command;
    }

    private static int Run(RunOptions options, (string? From, string? To) span, EvidenceRequest request, bool isJson, bool printsHead)
    {
        var time = TestClock.FromEnvironment() ?? TimeProvider.System;
        if (Mistake(span, request, time.LocalTimeZone, out request) is { } mistake)
        {
            Console.Error.WriteLine(mistake);
            return ExitCode.Wrong;
        }

        if (RunCommand.LoadSettings(options, RunParts.Page) is not { } settings)
        {
            return ExitCode.Wrong;
        }

        var (folder, state) = (settings.General.OutputDirectory, settings.General.StateDirectory);
        if (JournalReader.Days(state).Count == 0)
        {
            Console.Error.WriteLine($"There is no journal in {state}: nothing was recorded there, or it was removed. Name the recordings folder with --dir, or the configuration with --config.");
            return ExitCode.Wrong;
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            if (printsHead)
            {
                return PrintHead(state, request, stop.Token);
            }

            var line = new VerifyProgress(Console.IsErrorRedirected ? null : Console.Error, time);
            var verifier = new ArchiveVerifier(folder, state, time);
            var report = verifier.Run(request, line.Show, stop.Token);
            line.Clear();
            if (request.Source is { } source && !verifier.Sources.Contains(source))
            {
                Console.Error.WriteLine($"The journal in {state} knows no source {source}. It knows: {string.Join(", ", verifier.Sources.Select(ShownName.Of))}.");
                return ExitCode.Wrong;
            }

            if (isJson)
            {
                Console.WriteLine(JsonSerializer.Serialize(report, EvidenceJson.Default.EvidenceReport));
            }
            else
            {
                Write(report, folder);
            }

            return report.IsTrue ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped while the journal was read: nothing is said.");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The journal in {state} cannot be read: {e.Message}");
            return ExitCode.Failed;
        }

        void End(PosixSignalContext context)
        {
            // A second signal ends it as if nobody had asked for the first.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    private static string? Mistake((string? From, string? To) text, EvidenceRequest given, TimeZoneInfo zone, out EvidenceRequest request)
    {
        request = given;
        var (from, to) = (0L, DateTime.MaxValue.Ticks);
        if ((!string.IsNullOrEmpty(text.From) && !LocalMoment.TryRead(text.From, zone, isEnd: false, out from))
            || (!string.IsNullOrEmpty(text.To) && !LocalMoment.TryRead(text.To, zone, isEnd: true, out to)))
        {
            return $"--from and --to are local dates (2026-05-23) or times (2026-05-23 14:30:00), not '{text.From}' and '{text.To}'.";
        }

        if (from >= to)
        {
            return $"There is nothing between {text.From} and {text.To}: --from must lie before --to.";
        }

        if (given.Head is { } head && (head.Length is < LeastHeadDigits or > MostHeadDigits || !head.All(char.IsAsciiHexDigit)))
        {
            return $"--head takes what `isr verify --print-head` printed: {MostHeadDigits} hexadecimal digits, or the first {LeastHeadDigits} of them at least.";
        }

        if (!string.IsNullOrEmpty(text.From) || !string.IsNullOrEmpty(text.To))
        {
            request = given with { Span = new Interval(from, to) };
        }

        return null;
    }

    private static int PrintHead(string state, EvidenceRequest request, CancellationToken cancellationToken)
    {
        var journal = new EvidenceJournal(state, request.Head);
        journal.Read(cancellationToken);
        var (facts, findings) = journal.Finish(isWritten: true);
        foreach (var fault in findings.Where(finding => finding.IsFault))
        {
            Console.Error.WriteLine(ShownName.Of(fault.Sentence));
        }

        if (facts.Head is not { } head)
        {
            Console.Error.WriteLine("Nothing was sealed yet: the chain begins with the first file that is closed.");
            return ExitCode.Failed;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{head} {facts.HeadAt:yyyy-MM-ddTHH:mm:ssK} {facts.Links}"));
        return findings.Any(finding => finding.IsFault) ? ExitCode.Failed : ExitCode.Done;
    }

    private static void Write(EvidenceReport report, string folder)
    {
        foreach (var finding in report.Findings)
        {
            Console.WriteLine($"{(finding.IsFault ? "FAULT" : "note ")}  {finding.Kind}: {(finding.File is { } file ? ShownName.Of(file) + " " : "")}{ShownName.Of(finding.Sentence)}{(finding.Sentence.EndsWith('.') ? "" : ".")}");
        }

        if (report.Findings.Count > 0)
        {
            Console.WriteLine();
        }

        var (journal, files) = (report.Journal, report.Files);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Journal: {Count(journal.Days, "day")}, {Count(journal.Lines, "line")}, a chain of {Count(journal.Links, "hash", "hashes")}; {Count(journal.UnsealedLines, "line")} not under it yet."));
        if (journal.Head is { } head)
        {
            Console.WriteLine($"The chain's head is {head} of {EvidenceText.Moment(journal.HeadAt!.Value)}.");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Recordings: {files.Known} known in {folder}; {files.Checked} checked, {files.InTrash} of them in the trash; {files.Recording} being recorded; {files.Purged} deleted for good, as the journal says."));
        Console.WriteLine(report.IsQuick
            ? string.Create(CultureInfo.InvariantCulture, $"{files.Present} are there and have their lengths. Their bytes were not read (--quick): whether they are what was recorded is not said.")
            : string.Create(CultureInfo.InvariantCulture, $"{files.Proven} are what was recorded, byte for byte; {files.Bytes / 1e9:0.000} GB read in {report.Seconds:0.0} s, {files.Bytes / 1e9 / Math.Max(report.Seconds, 0.001):0.00} GB/s."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Missing {files.Missing}, changed {files.Changed}, renamed {files.Renamed}, unreadable {files.Unreadable}, not in the journal {files.Added}; never hashed {files.Unsealed}, left open {files.Unfinished}, older than the journal {files.Older}."));
        Console.WriteLine(report.IsStopped ? $"Stopped after {files.Checked} of {Count(files.Known, "file")}: nothing is said of the rest."
            : report.IsTrue ? "The archive is what its journal says."
            : "The archive is not what its journal says.");
    }

    private static string Count(long count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>One line of a terminal that says how far it is, how fast, and how long it will take.</summary>
    private sealed class VerifyProgress(TextWriter? output, TimeProvider time)
    {
        private static readonly TimeSpan s_period = TimeSpan.FromSeconds(0.5);

        private readonly long _began = time.GetTimestamp();
        private long _shown = time.GetTimestamp();

        public void Show(EvidenceProgress progress)
        {
            if (output is null || time.GetElapsedTime(_shown) < s_period)
            {
                return;
            }

            _shown = time.GetTimestamp();
            var seconds = time.GetElapsedTime(_began).TotalSeconds;
            var left = progress.Bytes == 0 ? "" : string.Create(
                CultureInfo.InvariantCulture,
                $"; {progress.Bytes / 1e9:0.0} of {progress.OfBytes / 1e9:0.0} GB, {progress.Bytes / 1e9 / seconds:0.00} GB/s, {TimeSpan.FromSeconds(seconds * Math.Max(0, progress.OfBytes - progress.Bytes) / progress.Bytes):h\\:mm\\:ss} left");
            output.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K{progress.Files} of {progress.OfFiles} files{left}"));
        }

        public void Clear() => output?.Write("\r\u001b[K");
    }
}
