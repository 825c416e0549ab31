namespace Isr.Audio.Levels;

/// <summary>One window's values; units as in <see cref="RecordingLevels"/>. Valid until more samples are added.</summary>
public readonly ref struct LevelWindow
{
    public required uint Rms { get; init; }

    public required short Minimum { get; init; }

    public required short Maximum { get; init; }

    /// <summary>One for each channel.</summary>
    public required ReadOnlySpan<ushort> Peaks { get; init; }

    public required ushort Clipped { get; init; }
}
