using System.Net;
using Isr.Naming;

namespace Isr.Configuration;

/// <summary>A configuration that holds no mistake.</summary>
internal sealed record Settings(GeneralSettings General, IReadOnlyList<SourceSettings> Sources)
{
    /// <summary>Every pattern in use, each once, in the file's order: what names of recordings may look like.</summary>
    public IReadOnlyList<FileNamePattern> FilenamePatterns { get; } =
        [.. Sources.Select(s => s.FilenamePattern).Append(General.FilenamePattern).DistinctBy(p => p.Text, StringComparer.Ordinal)];

    /// <summary>Nothing to record, only a folder to look into; all else as without a configuration.</summary>
    public static Settings ForFolder(string folder) => new(
        new GeneralSettings
        {
            OutputDirectory = folder,
            StateDirectory = Path.Combine(folder, ".isr"),
            FilenamePattern = FileNamePattern.Default,
            LogLevel = LogLevel.Information,
            LogFile = null,
        },
        []);

    /// <summary>The same with another recordings folder, for the general one and for all that lay in it.</summary>
    public Settings MovedTo(string folder)
    {
        string Move(string path) => path == General.OutputDirectory
            ? folder
            : path.StartsWith(General.OutputDirectory + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                ? Path.Combine(folder, path[(General.OutputDirectory.Length + 1)..])
                : path;

        return this with
        {
            General = General with { OutputDirectory = folder, StateDirectory = Move(General.StateDirectory) },
            Sources = [.. Sources.Select(s => s with
            {
                OutputDirectory = Move(s.OutputDirectory),
                FallbackDirectory = s.FallbackDirectory is { } fallback ? Move(fallback) : null,
            })],
        };
    }
}

/// <summary>What concerns the program as a whole.</summary>
internal sealed record GeneralSettings
{
    /// <summary>The recordings folder, as a full path.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>As a full path.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>Where level files are kept, as a full path; in the state directory unless the command line says otherwise.</summary>
    public string LevelDirectory
    {
        get => field ?? Path.Combine(StateDirectory, "levels");
        init;
    }

    public required FileNamePattern FilenamePattern { get; init; }

    /// <summary>For all recordings together. Sources that say nothing of their age inherit that.</summary>
    public KeepLimits Keep { get; init; }

    /// <summary>Who is told of alarms.</summary>
    public AlarmSettings Alarms { get; init; } = new();

    public required LogLevel LogLevel { get; init; }

    /// <summary>As a full path; null is standard output alone.</summary>
    public required string? LogFile { get; init; }

    /// <summary>Of standard output and the log file.</summary>
    public LogFormat LogFormat { get; init; }

    /// <summary>Names and addresses that the page's server answers to besides those of this computer.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Reverse proxies whose X-Forwarded headers are believed; a single address is a network of one.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>What stands before every path of the page, such as "/isr"; empty for nothing.</summary>
    public string BasePath { get; init; } = "";
}
