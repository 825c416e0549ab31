namespace Isr.Alarms;

/// <summary>The words for what alarms tell.</summary>
internal static class AlarmKind
{
    /// <summary>A source sends sound that is too quiet.</summary>
    public const string Silent = "silent";

    /// <summary>Nothing of a source is recorded.</summary>
    public const string Dead = "dead";

    /// <summary>A source's samples are at full scale.</summary>
    public const string Clipping = "clipping";

    /// <summary>Too much of a source's last day is missing.</summary>
    public const string Coverage = "coverage";

    /// <summary>There will soon be no room, or there is none.</summary>
    public const string Disk = "disk";

    /// <summary>Sent by hand, to see that it arrives. Never in the journal.</summary>
    public const string Test = "test";
}
