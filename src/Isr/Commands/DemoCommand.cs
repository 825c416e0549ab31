using System.CommandLine;
using System.Text;
using Isr.Configuration;
using Isr.Demo;
using Isr.Web;

namespace Isr.Commands;

/// <summary>`demo`: everything at once with no configuration, recorded through the same path as any stream.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var command = new Command("demo", "Record a built-in live station, split every minute, and serve the page: no configuration needed.");
        var port = new Option<int>("--port") { Description = "Port of the page.", DefaultValueFactory = _ => 8080, HelpName = "PORT" };
        var folder = new Option<string>("--dir") { Description = "The recordings folder.", DefaultValueFactory = _ => "recordings", HelpName = "DIR" };
        command.Add(port);
        command.Add(folder);
        command.SetAction((result, cancellationToken) => RunAsync(Path.GetFullPath(result.GetValue(folder)!), result.GetValue(port), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string folder, int port, CancellationToken cancellationToken)
    {
        if (port is < 0 or > 65535)
        {
            await Console.Error.WriteLineAsync(CommonOptions.NoPort(port));
            return ExitCode.Wrong;
        }

        using var loggers = LoggerFactory.Create(_ => { });
        await using var station = new DemoStation(TimeProvider.System, loggers.CreateLogger<DemoStation>());
        try
        {
            await station.StartAsync(cancellationToken);
        }
        catch (DemoException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }

        return await RunCommand.HostAsync(SettingsFor(station.Url, folder), new WebOptions { Port = port }, RunParts.All, page => Announce(page, folder), cancellationToken);
    }

    /// <summary>As if this stood in a config.ini.</summary>
    private static Settings SettingsFor(Uri station, string folder)
    {
        var text = $"""
            [general]
            split_minutes = 1
            log_file =
            [demo]
            type = stream
            url = {station}
            """;
        return ConfigurationLoader.Read("demo", Encoding.UTF8.GetBytes(text), Environment.CurrentDirectory).Settings!.MovedTo(folder);
    }

    private static void Announce(Uri? page, string folder)
    {
        Console.WriteLine($"A built-in station plays (speech-like bursts, impacts and swells over noise) and is recorded into {folder}, a new file every minute.");
        Console.WriteLine($"The page is at {page}");
        Console.WriteLine("Ctrl+C finishes the files and ends. To record your own streams, write `isr check --example` to config.ini, edit it and run `isr`.");
    }
}
