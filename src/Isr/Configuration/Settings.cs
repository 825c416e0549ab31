using Isr.Recording.Names;

namespace Isr.Configuration;

/// <summary>A configuration that holds no mistake.</summary>
internal sealed record Settings(GeneralSettings General, IReadOnlyList<SourceSettings> Sources)
{
    /// <summary>Every pattern in use, each once, in the file's order: what names of recordings may look like.</summary>
    public IReadOnlyList<FileNamePattern> FilenamePatterns { get; } =
        [.. Sources.Select(s => s.FilenamePattern).Append(General.FilenamePattern).DistinctBy(p => p.Text, StringComparer.Ordinal)];
}

/// <summary>What concerns the program as a whole.</summary>
internal sealed record GeneralSettings
{
    /// <summary>The recordings folder, as a full path.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>As a full path.</summary>
    public required string StateDirectory { get; init; }

    public required FileNamePattern FilenamePattern { get; init; }

    public required LogLevel LogLevel { get; init; }

    /// <summary>As a full path; null is standard output alone.</summary>
    public required string? LogFile { get; init; }
}
