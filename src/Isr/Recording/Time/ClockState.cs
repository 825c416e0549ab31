using Isr.Recording.Interop;

namespace Isr.Recording.Time;

/// <summary>Whether the system's clock is known to be right.</summary>
internal enum ClockState
{
    /// <summary>The kernel does not say (a container that forbids the question).</summary>
    Unknown,

    /// <summary>No time server has set it since the start: a computer without a battery clock begins somewhere in the past.</summary>
    Unsynchronised,

    Synchronised,
}

internal static class SystemClockState
{
    // TIME_ERROR of adjtimex(2): the clock is not synchronised.
    private const int TimeError = 5;

    public static ClockState Read() => LibC.ReadClockState() switch
    {
        < 0 => ClockState.Unknown,
        TimeError => ClockState.Unsynchronised,
        _ => ClockState.Synchronised,
    };
}
