using System.CommandLine;
using Isr.Audio.Detection;
using Isr.Web;

namespace Isr.Commands;

/// <summary>What the options of `run`, `record` and `web` say.</summary>
internal sealed record RunOptions
{
    public required string ConfigPath { get; init; }

    /// <summary>The path was given, so the file must be there.</summary>
    public bool IsConfigGiven { get; init; }

    /// <summary>Recordings folder instead of the configured one.</summary>
    public string? Folder { get; init; }

    /// <summary>Where level files are kept, instead of in the state directory.</summary>
    public string? LevelDirectory { get; init; }

    public WebOptions Web { get; init; } = new();

    /// <summary>What is wrong with the options, as sentences.</summary>
    public IReadOnlyList<string> Mistakes { get; init; } = [];
}

internal sealed class CommonOptions
{
    private readonly Option<string> _config = new("--config") { Description = "The configuration.", DefaultValueFactory = _ => "config.ini", HelpName = "FILE" };
    private readonly Option<string?> _folder = new("--dir") { Description = "The recordings folder, instead of the configured output_directory.", HelpName = "DIR" };
    private readonly Option<string?> _levels = new("--analyses-dir") { Description = "Where the recordings' levels are kept, instead of in the state directory.", HelpName = "DIR" };
    private readonly Option<int> _port = new("--port") { Description = "Port of the page.", DefaultValueFactory = _ => 8080, HelpName = "PORT" };
    private readonly Option<string> _host = new("--host") { Description = "Address to serve the page on. For other computers to reach it, there must be a password (`isr password`) or --no-auth.", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ADDRESS" };
    private readonly Option<bool> _noAuth = new("--no-auth") { Description = "Let everybody who can reach the page in, without a password." };
    private readonly Option<double> _margin = new("--margin") { Description = "Decibels above the noise that the page begins with (1 to 60).", DefaultValueFactory = _ => 12, HelpName = "DB" };
    private readonly Option<double> _minGap = new("--min-gap") { Description = "Seconds of quiet that end a section (0 to 300).", DefaultValueFactory = _ => 2, HelpName = "S" };
    private readonly Option<double> _minDuration = new("--min-duration") { Description = "Seconds that a section lasts at least (0 to 60).", DefaultValueFactory = _ => 0.5, HelpName = "S" };
    private readonly Option<string?> _threshold = new("--threshold") { Hidden = true };

    public void AddTo(Command command, bool withPage)
    {
        command.Add(_config);
        command.Add(_folder);
        command.Add(_levels);
        if (withPage)
        {
            command.Add(_port);
            command.Add(_host);
            command.Add(_noAuth);
            command.Add(_margin);
            command.Add(_minGap);
            command.Add(_minDuration);
            command.Add(_threshold);
        }
    }

    public RunOptions Read(ParseResult result)
    {
        var mistakes = new List<string>();
        var host = result.GetValue(_host) ?? "127.0.0.1";
        var port = result.GetResult(_port) is null ? 8080 : result.GetValue(_port);
        if (result.GetResult(_threshold) is not null)
        {
            mistakes.Add("--threshold is now --margin: decibels above the background noise, 12 by default.");
        }

        if (port is < 0 or > 65535)
        {
            mistakes.Add(NoPort(port));
        }

        return new RunOptions
        {
            ConfigPath = result.GetValue(_config)!,
            IsConfigGiven = result.GetResult(_config) is { Implicit: false },
            Folder = result.GetValue(_folder),
            LevelDirectory = result.GetValue(_levels),
            Web = new WebOptions
            {
                Host = host,
                Port = port,
                NoAuth = result.GetValue(_noAuth),
                Detection = DetectionParameters.Within(Given(result, _margin), Given(result, _minGap), Given(result, _minDuration), DetectionParameters.Default),
            },
            Mistakes = mistakes,
        };
    }

    public static string NoPort(int port) => $"--port {port} is no port: 1 to 65535, or 0 for any that is free.";

    private static double? Given(ParseResult result, Option<double> option) => result.GetResult(option) is null ? null : result.GetValue(option);
}
