using System.CommandLine;
using System.Globalization;
using Isr.Catalog;
using Isr.Recording.Recovery;
using Isr.Recording.Status;

namespace Isr.Commands;

/// <summary>`repair`: finishes files that a crash left open, of this program or another.</summary>
internal static class RepairCommand
{
    private static readonly TimeSpan s_progressPeriod = TimeSpan.FromSeconds(1);

    private enum Outcome
    {
        Whole,
        Mended,
        Skipped,
        Broken,
    }

    public static Command Create()
    {
        var command = new Command("repair", "Finish audio files that a crash left open: sizes and counts are made true, torn ends cut off and kept. Whole files are not touched.");
        var path = new Argument<string>("DIR") { Description = "A folder with recordings, or one file." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would be done, and do nothing." };
        var state = new Option<string?>("--state") { Description = "Where the ends that are cut off are kept; DIR/.isr by default.", HelpName = "DIR" };
        command.Add(path);
        command.Add(dryRun);
        command.Add(state);
        command.SetAction((result, cancellationToken) => Task.Run(
            () => Run(Path.GetFullPath(result.GetValue(path)!), result.GetValue(state), result.GetValue(dryRun), cancellationToken), CancellationToken.None));
        return command;
    }

    private static int Run(string path, string? state, bool isDryRun, CancellationToken cancellationToken)
    {
        var isFile = File.Exists(path);
        if (!isFile && !Directory.Exists(path))
        {
            Console.Error.WriteLine($"{path} is no folder and no file: name the folder that holds the recordings.");
            return ExitCode.Wrong;
        }

        var folder = isFile ? Path.GetDirectoryName(path)! : path;
        var repair = new FileRepair(Path.GetFullPath(state ?? Path.Combine(folder, ".isr")));
        var rows = new List<(Outcome Outcome, string[] Cells)>();
        var count = 0;
        try
        {
            string[] files = isFile ? [path] : [.. RecordingScan.Files(path).Select(f => f.Path).Order(StringComparer.Ordinal)];
            foreach (var file in files)
            {
                count++;
                rows.Add(Mend(repair, file, Path.GetRelativePath(folder, file), isDryRun, cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Stopped; what is in the table is done.");
            Report(rows, count, isDryRun);
            return ExitCode.Failed;
        }

        Report(rows, count, isDryRun);
        return rows.Exists(row => row.Outcome == Outcome.Broken) ? ExitCode.Failed : ExitCode.Done;
    }

    private static (Outcome Outcome, string[] Cells) Mend(FileRepair repair, string path, string name, bool isDryRun, CancellationToken cancellationToken)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            return (Outcome.Skipped, [name, "a link; skipped", "", ""]);
        }

        if (IsBeingRecorded(path))
        {
            return (Outcome.Skipped, [name, "is being recorded; skipped", "", ""]);
        }

        try
        {
            var extension = Path.GetExtension(path).ToLowerInvariant();
            var before = DurationReader.Read(path, extension).Seconds;
            var result = repair.Mend(path, name, isLeftOpen: false, isDryRun, Progress(name), cancellationToken);
            if (result.Plan.Refusal is { } refusal)
            {
                return (Outcome.Broken, [name, $"cannot be mended: it {refusal}", "", ""]);
            }

            var after = (double)result.Plan.Samples / result.Plan.SampleRate;
            var what = (isDryRun, result.Plan.Patches.Count > 0, result.Cut > 0) switch
            {
                (false, true, true) => "header and end",
                (false, true, _) => "header",
                (false, _, _) => "end",
                (true, true, true) => "needs header and end",
                (true, true, _) => "needs header",
                _ => "needs end",
            };
            return result.IsNeeded
                ? (Outcome.Mended, [name, what, result.Cut.ToString(CultureInfo.InvariantCulture), $"{Text(before)} -> {Text(after)}"])
                : (Outcome.Whole, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (Outcome.Broken, [name, e.Message, "", ""]);
        }
        finally
        {
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write("\r\u001b[K");
            }
        }
    }

    /// <summary>By the recorder of this folder or of one that it lies in.</summary>
    private static bool IsBeingRecorded(string path)
    {
        for (var folder = Path.GetDirectoryName(path); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (RecorderStatus.Read(folder, TimeProvider.System).Active.Any(name => Path.GetFullPath(Path.Combine(folder, name)) == path))
            {
                return true;
            }
        }

        return false;
    }

    private static Action<long>? Progress(string name)
    {
        if (Console.IsErrorRedirected)
        {
            return null;
        }

        var last = TimeProvider.System.GetTimestamp();
        return offset =>
        {
            if (TimeProvider.System.GetElapsedTime(last) > s_progressPeriod)
            {
                last = TimeProvider.System.GetTimestamp();
                Console.Error.Write($"\r\u001b[K{name}: {offset / 1e6:0} MB read");
            }
        };
    }

    private static void Report(List<(Outcome Outcome, string[] Cells)> rows, int count, bool isDryRun)
    {
        var told = rows.Where(row => row.Outcome != Outcome.Whole).Select(row => row.Cells).ToList();
        if (told.Count > 0)
        {
            TextTable.Write(Console.Out, ["file", "what", "bytes cut", "length"], told);
        }

        var mended = rows.Count(row => row.Outcome == Outcome.Mended);
        var broken = rows.Count(row => row.Outcome == Outcome.Broken);
        Console.WriteLine($"{count} {(count == 1 ? "file" : "files")} read, {mended} {(isDryRun ? "to be mended" : "mended")}, {broken} that cannot be.");
    }

    private static string Text(double? seconds) => seconds is { } known && known < TimeSpan.MaxValue.TotalSeconds
        ? $"{(long)(known / 3600)}:{(int)(known / 60 % 60):00}:{(int)(known % 60):00}.{(int)(known * 10 % 10)}"
        : "unknown";
}
