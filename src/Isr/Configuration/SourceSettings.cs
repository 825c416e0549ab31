using Isr.Naming;

namespace Isr.Configuration;

internal enum SourceType
{
    Stream,
    Soundcard,
}

internal enum SourceFormat
{
    /// <summary>What a stream's bytes say.</summary>
    Auto,
    Mp3,
    Ogg,
    Aac,
    Flac,
    Opus,
    Wav,
}

/// <summary>One source, with everything that it inherits.</summary>
internal sealed record SourceSettings
{
    public required string Name { get; init; }

    /// <summary>The line of its <c>[section]</c>.</summary>
    public required int Line { get; init; }

    public required SourceType Type { get; init; }

    /// <summary>A stream's address and its backups, with the credentials they may hold: show them redacted.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>Null means no authentication, unless the address has its own.</summary>
    public required string? Username { get; init; }

    public required string Password { get; init; }

    public required SourceFormat Format { get; init; }

    /// <summary>As a full path.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Where to record while <see cref="OutputDirectory"/> cannot be written, as a full path; null is nowhere.</summary>
    public string? FallbackDirectory { get; init; }

    /// <summary><c>split_minutes</c>, exact in ticks.</summary>
    public required TimeSpan SplitInterval { get; init; }

    public required FileNamePattern FilenamePattern { get; init; }

    /// <summary>0 never gives up.</summary>
    public required int MaxRetries { get; init; }

    public required TimeSpan RetryDelay { get; init; }

    /// <summary>For this source's recordings; the age is the general one where it says none, sizes are its own alone.</summary>
    public KeepLimits Keep { get; init; }

    /// <summary>From when on something of it is an alarm.</summary>
    public AlarmLimits Alarms { get; init; }

    public required string Device { get; init; }

    public required int SampleRate { get; init; }

    public required int Channels { get; init; }

    /// <summary>16 or 24.</summary>
    public required int Bits { get; init; }

    /// <summary>The one channel to record, from 1; null records all.</summary>
    public required int? Channel { get; init; }

    /// <summary>An address fit for logs and pages: without user, password, query and fragment.</summary>
    public static string RedactedUrl(Uri url)
    {
        var shown = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        // A query often carries a token.
        return url.Query.Length > 1 ? shown + "?…" : shown;
    }

    /// <summary>The name alone: the record holds credentials.</summary>
    public override string ToString() => $"[{Name}]";
}
