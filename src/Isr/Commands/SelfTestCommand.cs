using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Isr.Commands.Analyze;
using Isr.SelfTest;
using Isr.SelfTest.Interop;
using Isr.Web;

namespace Isr.Commands;

/// <summary>`selftest`: what this installation survives, tried on this computer.</summary>
internal static class SelfTestCommand
{
    private const int TrialColumns = 18;

    public static Command Create()
    {
        var command = new Command("selftest", "Prove this installation: records a built-in station on the disk of the recordings while connections, clocks and the recorder itself are broken. About a minute. Exit code 1 when something failed.");
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        var quick = new Option<bool>("--quick") { Description = "One source and less of everything: about 15 seconds." };
        var json = new Option<bool>("--json") { Description = "As JSON, at the end." };
        command.Add(quick);
        command.Add(json);
        command.SetAction((result, _) => RunAsync(options.Read(result), result.GetValue(quick), result.GetValue(json)));
        return command;
    }

    /// <summary>The recorder that it starts.</summary>
    public static Command CreateRecorder()
    {
        var command = new Command(TrialRecorder.Word, "Record until standard input ends. The self-test starts this itself.") { Hidden = true };
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        var limit = new Option<long?>("--limit") { Description = "No file may become larger than so many bytes.", HelpName = "BYTES" };
        command.Add(limit);
        command.SetAction((result, cancellationToken) => RecordAsync(options.Read(result), result.GetValue(limit), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(RunOptions options, bool isQuick, bool isJson)
    {
        if (RunCommand.LoadSettings(options, RunParts.Page) is not { } settings)
        {
            return ExitCode.Wrong;
        }

        var folder = NearestFolder(settings.General.OutputDirectory);
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        var output = isJson ? Console.Error : Console.Out;
        await output.WriteLineAsync($"This takes about {(isQuick ? "15 seconds" : "a minute")}. It records a built-in station into a folder of its own in {ShownName.Of(folder)}, which it removes again.");
        try
        {
            var report = await new SelfTestRun(folder, isQuick, TimeProvider.System, result => Tell(output, result)).RunAsync(stop.Token);
            if (isJson)
            {
                Console.WriteLine(JsonSerializer.Serialize(report, SelfTestJson.Default.SelfTestReport));
            }

            Sum(output, report);
            return report.IsOk ? ExitCode.Done : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped, and tidied up: nothing is said of what is not told above.");
            return ExitCode.Failed;
        }

        void End(PosixSignalContext context)
        {
            // A second signal ends it as if nobody had asked for the first.
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    private static async Task<int> RecordAsync(RunOptions options, long? limit, CancellationToken cancellationToken)
    {
        using var limited = limit is { } bytes ? FileLimit.Set(bytes) : null;
        if (RunCommand.LoadSettings(options, RunParts.Recorder) is not { } settings)
        {
            return ExitCode.Wrong;
        }

        // Its input ends with whoever started it, even where that was killed.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = new Thread(() =>
        {
            while (Console.In.Read() >= 0)
            {
            }

            stop.Cancel();
        })
        { IsBackground = true, Name = "watches standard input" };
        watching.Start();
        return await RunCommand.HostAsync(settings, new WebOptions(), RunParts.Recorder, announce: null, stop.Token);
    }

    /// <summary>The folder itself, or, where it is not there yet, the one that it will be made in.</summary>
    private static string NearestFolder(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
        {
            folder = parent;
        }

        return folder;
    }

    private static void Tell(TextWriter output, TrialResult result)
    {
        var word = result.Outcome switch
        {
            TrialOutcome.Ok => "ok",
            TrialOutcome.Failed => "FAILED",
            _ => "not tried",
        };
        output.WriteLine($"{word,-10} {result.Trial.PadRight(TrialColumns)} {ShownName.Of(result.Sentence)}");
        output.Flush();
    }

    private static void Sum(TextWriter output, SelfTestReport report)
    {
        output.WriteLine();
        var proven = report.Trials.Select(trial => trial.Proves).OfType<string>().ToList();
        if (proven.Count > 0)
        {
            output.WriteLine($"isr {report.Version} on this computer and this disk:");
            proven.ForEach(what => output.WriteLine($"  {what};"));
        }

        if (report.Disk is { } disk)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Its disk writes {disk.MegabytesPerSecond:0} MB/s and makes it durable in {disk.SyncMedianMs:0.0} ms."));
        }

        var failed = report.Trials.Where(trial => trial.Outcome == TrialOutcome.Failed).Select(trial => trial.Trial).ToList();
        output.WriteLine(failed.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Nothing that was tried failed. Took {report.Seconds:0} s.")
            : string.Create(CultureInfo.InvariantCulture, $"FAILED: {string.Join(", ", failed)}. Took {report.Seconds:0} s."));
    }
}
