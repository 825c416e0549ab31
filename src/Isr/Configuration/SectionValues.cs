using System.Net;
using Isr.Naming;

namespace Isr.Configuration;

/// <summary>What one section itself says; null is not said, or said wrongly.</summary>
internal sealed class SectionValues
{
    public SourceType? Type { get; set; }

    public IReadOnlyList<Uri>? Urls { get; set; }

    public string? Username { get; set; }

    public string? Password { get; set; }

    public SourceFormat? Format { get; set; }

    public string? OutputDirectory { get; set; }

    /// <summary>Empty is none.</summary>
    public string? FallbackDirectory { get; set; }

    public string? StateDirectory { get; set; }

    public string? LogFile { get; set; }

    public LogLevel? LogLevel { get; set; }

    public LogFormat? LogFormat { get; set; }

    public IReadOnlyList<string>? Hosts { get; set; }

    public IReadOnlyList<IPNetwork>? TrustedProxies { get; set; }

    /// <summary>Without its last slash.</summary>
    public string? BasePath { get; set; }

    public TimeSpan? SplitInterval { get; set; }

    public FileNamePattern? FilenamePattern { get; set; }

    public int? MaxRetries { get; set; }

    public TimeSpan? RetryDelay { get; set; }

    /// <summary>0 is no limit.</summary>
    public decimal? KeepDays { get; set; }

    /// <summary>0 is no limit.</summary>
    public decimal? KeepGigabytes { get; set; }

    /// <summary>0 is no limit.</summary>
    public decimal? KeepFreeGigabytes { get; set; }

    /// <summary>0 is no alarm, here and in the following ones.</summary>
    public decimal? AlarmDeadSeconds { get; set; }

    public decimal? AlarmSilenceSeconds { get; set; }

    public decimal? AlarmSilenceDbfs { get; set; }

    public decimal? AlarmClipping { get; set; }

    public decimal? AlarmCoverage { get; set; }

    public decimal? AlarmDiskDays { get; set; }

    public IReadOnlyList<Uri>? Webhooks { get; set; }

    public string? WebhookSecret { get; set; }

    public string? WebhookSecretFile { get; set; }

    /// <summary>One, or none.</summary>
    public IReadOnlyList<Uri>? Heartbeats { get; set; }

    public string? Device { get; set; }

    public int? SampleRate { get; set; }

    public int? Channels { get; set; }

    public int? Bits { get; set; }

    /// <summary>0 is all of them.</summary>
    public int? Channel { get; set; }
}
