using Isr.Audio.Levels;

namespace Isr.Audio.Detection;

/// <summary>Levels in memory as a part of a run; of any number of runs, one after the other, so that its blocks are measured once.</summary>
public sealed class LevelsPart : SectionPart
{
    private readonly ReadOnlyMemory<uint> _rms;
    private readonly LevelBlock[] _blocks;

    /// <param name="startUtc">When the first sample sounded.</param>
    /// <param name="sampleRate">Samples per second.</param>
    /// <param name="samples">Samples of the recording.</param>
    /// <param name="rms">The RMS of every window, in units of <see cref="RecordingLevels.RmsUnit"/>.</param>
    public LevelsPart(DateTime startUtc, int sampleRate, long samples, ReadOnlyMemory<uint> rms)
        : base(startUtc, sampleRate, samples)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rms.Length, Windows, nameof(rms));
        _rms = rms;
        _blocks = new LevelBlock[Blocks];
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i] = LevelBlocks.Measure(WindowsOf(i));
        }
    }

    public override LevelBlock Block(int index) => _blocks[index];

    public override bool TryRead(int block, Span<uint> rms)
    {
        WindowsOf(block).CopyTo(rms);
        return true;
    }

    private ReadOnlySpan<uint> WindowsOf(int block) => _rms.Span.Slice(block * BlockWindows, WindowsIn(block));
}
