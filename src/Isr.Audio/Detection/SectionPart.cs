using Isr.Audio.Levels;

namespace Isr.Audio.Detection;

/// <summary>One recording of a <see cref="SectionRun"/>: what its blocks come to, and on demand its levels.</summary>
public abstract class SectionPart : IDisposable
{
    /// <param name="startUtc">When its first sample sounded.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="samples">Samples of the recording.</param>
    protected SectionPart(DateTime startUtc, int sampleRate, long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sampleRate);
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        (StartUtc, SampleRate, Samples, WindowSamples) = (startUtc, sampleRate, samples, RecordingLevels.WindowOf(sampleRate));
        Windows = checked((int)((samples / WindowSamples) + (samples % WindowSamples == 0 ? 0 : 1)));
        BlockWindows = LevelBlocks.WindowsOf(sampleRate, WindowSamples);
        Blocks = LevelBlocks.CountOf(Windows, BlockWindows);
    }

    public DateTime StartUtc { get; }

    public int SampleRate { get; }

    /// <summary>Samples of a whole window.</summary>
    public int WindowSamples { get; }

    public long Samples { get; }

    /// <summary>Windows that the samples fill or begin.</summary>
    public int Windows { get; }

    /// <summary>Windows of a whole block.</summary>
    public int BlockWindows { get; }

    public int Blocks { get; }

    /// <summary>Seconds.</summary>
    public double Duration => (double)Samples / SampleRate;

    public int WindowsIn(int block) => Math.Min(BlockWindows, Windows - (block * BlockWindows));

    public abstract LevelBlock Block(int index);

    /// <summary>The RMS of one block's windows, in units of <see cref="RecordingLevels.RmsUnit"/>. False when it cannot be read.</summary>
    public abstract bool TryRead(int block, Span<uint> rms);

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
    }
}
