using System.CommandLine;
using Isr.Commands.Status;
using Isr.Recording.Time;

namespace Isr.Commands;

/// <summary>`status`: what the recorder does now, as status.json says.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var command = new Command("status", "Show what the recorder does now: every source, its level, what is missing today, the disks. q or Ctrl+C ends it. Exit code 1 when something is wrong.");
        var options = new CommonOptions();
        options.AddTo(command, withPage: false);
        var once = new Option<bool>("--once") { Description = "Print it once; so it does by itself where the output is no terminal." };
        var json = new Option<bool>("--json") { Description = "Print status.json." };
        command.Add(once);
        command.Add(json);
        command.SetAction((result, _) => RunAsync(options.Read(result), result.GetValue(once), result.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(RunOptions options, bool once, bool json)
    {
        if (RunCommand.LoadSettings(options, RunParts.Page) is not { } settings)
        {
            return ExitCode.Wrong;
        }

        var time = TestClock.FromEnvironment() ?? TimeProvider.System;
        var folder = settings.General.OutputDirectory;
        if (json)
        {
            return WriteJson(folder, time);
        }

        var hasColours = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        if (once || Console.IsOutputRedirected)
        {
            return Write(folder, time, hasColours);
        }

        await WatchAsync(folder, time, hasColours);
        return StatusReading.Of(folder, time).IsWell ? ExitCode.Done : ExitCode.Failed;
    }

    private static int WriteJson(string folder, TimeProvider time)
    {
        var reading = StatusReading.Of(folder, time);
        using var output = Console.OpenStandardOutput();
        if (reading.IsAlive && StatusReading.Bytes(folder) is { } bytes)
        {
            output.Write(bytes);
            output.WriteByte((byte)'\n');
        }
        else
        {
            output.Write("{\"active\": []}\n"u8);
        }

        return reading.IsWell ? ExitCode.Done : ExitCode.Failed;
    }

    private static int Write(string folder, TimeProvider time, bool hasColours)
    {
        var reading = StatusReading.Of(folder, time);
        var columns = Console.IsOutputRedirected ? int.MaxValue : Width();
        new StatusPicture(columns, hasColours, Now(reading, time)).Lines(reading, folder).ForEach(Console.WriteLine);
        return reading.IsWell ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task WatchAsync(string folder, TimeProvider time, bool hasColours)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 * 1024);
        using var screen = new LiveScreen(output);
        try
        {
            while (true)
            {
                var reading = StatusReading.Of(folder, time);
                screen.Draw(new StatusPicture(Width(), hasColours, Now(reading, time)).Lines(reading, folder));
                await screen.WaitAsync(s_period);
            }
        }
        catch (OperationCanceledException) when (screen.Ended.IsCancellationRequested)
        {
        }
    }

    /// <summary>A terminal that does not say how wide it is has 80 columns.</summary>
    private static int Width() => Console.WindowWidth is > 0 and var width ? Math.Max(20, width) : 80;

    /// <summary>In the recorder's zone, by whose clock its times are told.</summary>
    private static DateTimeOffset Now(StatusReading reading, TimeProvider time)
    {
        var now = time.GetUtcNow();
        return reading.Status.Updated is { } updated ? now.ToOffset(updated.Offset) : now;
    }
}
