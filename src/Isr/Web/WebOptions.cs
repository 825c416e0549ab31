namespace Isr.Web;

/// <summary>Where the page is served and what it starts with.</summary>
internal sealed record WebOptions
{
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Whoever can reach the port sees everything; said aloud.</summary>
    public bool IsOpenToAll { get; init; }

    public DetectionDefaults Detection { get; init; } = new(12, 2, 0.5);
}

/// <summary>The page's first values: decibels above the noise, seconds between and of sections.</summary>
internal sealed record DetectionDefaults(double Margin, double MinGap, double MinDuration);
