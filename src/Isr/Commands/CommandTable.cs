using System.CommandLine;

namespace Isr.Commands;

/// <summary>The command line: `isr` alone is `isr run`.</summary>
internal static class CommandTable
{
    /// <summary>All commands with their options.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("isr records internet radio and soundcards day and night, splits them by the clock, and serves a page to hear them.");
        var options = new CommonOptions();
        options.AddTo(root, withPage: true);
        var listDevices = DevicesCommand.AddOption(root);
        root.SetAction((result, cancellationToken) => result.GetValue(listDevices)
            ? Task.FromResult(DevicesCommand.Run(json: false))
            : RunCommand.RunAsync(options.Read(result), RunParts.All, cancellationToken));

        root.Add(RunCommand.Create("run", "Record, and serve the page. What `isr` alone does.", RunParts.All));
        root.Add(RunCommand.Create("record", "Record, without the page.", RunParts.Recorder));
        root.Add(RunCommand.Create("web", "Serve the page over a folder that another process records into.", RunParts.Page));
        root.Add(DevicesCommand.Create());
        root.Add(CheckCommand.Create());
        root.Add(AnalyzeCommand.Create());
        root.Add(CutCommand.Create());
        root.Add(CoverageCommand.Create());
        root.Add(AlarmsCommand.Create());
        root.Add(StatusCommand.Create());
        root.Add(VerifyCommand.Create());
        root.Add(RetentionCommand.Create());
        root.Add(RepairCommand.Create());
        root.Add(PasswordCommand.Create());
        root.Add(TokenCommand.Create());
        root.Add(HealthCommand.Create());
        root.Add(DemoCommand.Create());
        root.Add(SelfTestCommand.Create());
        root.Add(SelfTestCommand.CreateRecorder());
        root.Add(WorkerCommand.Create());
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("See `isr --help`.");
            return ExitCode.Wrong;
        }

        // The host handles Ctrl+C and SIGTERM itself; the library must not end the process in between.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
