namespace Isr.Configuration;

/// <summary>From when on something of a source is an alarm; null is never. The default is no alarm at all.</summary>
internal readonly record struct AlarmLimits
{
    /// <summary>Silence that is usual for a station is shorter; a microphone in the woods is silent for nights.</summary>
    public static readonly TimeSpan UsualSilenceOfStream = TimeSpan.FromSeconds(120);

    public static readonly TimeSpan UsualDead = TimeSpan.FromSeconds(60);

    public const decimal UsualSilenceDbfs = -50;

    /// <summary>Samples of a soundcard. Stations drive their limiters to full scale, and decoders beyond it: there it says nothing.</summary>
    public const int UsualClippingOfSoundcard = 1000;

    /// <summary>An hour and twelve minutes of a day.</summary>
    public const decimal UsualCoverage = 95;

    /// <summary>What is quieter counts as silence, in dB of full scale.</summary>
    public double SilenceDbfs { get; init; }

    /// <summary>How long it may be silent.</summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>How long nothing of it may be recorded.</summary>
    public TimeSpan? Dead { get; init; }

    /// <summary>So many samples at full scale within a minute.</summary>
    public int? Clipping { get; init; }

    /// <summary>Less than so many percent of the last 24 hours.</summary>
    public double? Coverage { get; init; }
}

/// <summary>Who is told of alarms, and what concerns all sources.</summary>
internal sealed record AlarmSettings
{
    public const decimal UsualDiskDays = 7;

    /// <summary>An alarm when the disk is full in less than so many days; null is never.</summary>
    public double? DiskDays { get; init; }

    /// <summary>With the credentials that they may hold: show them by <see cref="ShownUrl"/>.</summary>
    public IReadOnlyList<Uri> Webhooks { get; init; } = [];

    /// <summary>What messages are signed with; null where they are not, or <see cref="WebhookSecretFile"/> holds it.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>As a full path.</summary>
    public string? WebhookSecretFile { get; init; }

    /// <summary>Fetched every minute while all is well.</summary>
    public Uri? Heartbeat { get; init; }

    /// <summary>Scheme, host and port: a webhook's path is often its password.</summary>
    public static string ShownUrl(Uri url) => url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + (url.PathAndQuery.Length > 1 ? "/…" : "/");

    /// <summary>Nothing of it: it holds secrets.</summary>
    public override string ToString() => nameof(AlarmSettings);
}
