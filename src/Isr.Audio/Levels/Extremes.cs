namespace Isr.Audio.Levels;

/// <summary>A channel's lowest and highest sample, as the codes of its format.</summary>
internal record struct Extremes(int Minimum, int Maximum)
{
    /// <summary>Of no sample.</summary>
    public static Extremes None { get; } = new(int.MaxValue, int.MinValue);
}
