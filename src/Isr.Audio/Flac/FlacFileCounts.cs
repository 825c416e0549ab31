namespace Isr.Audio.Flac;

/// <summary>Counts what STREAMINFO says of a file that grows.</summary>
internal sealed class FlacFileCounts(AudioFormat format)
{
    // RFC 9639, section 8.2: no smaller size may be announced.
    private const int LeastBlock = 16;

    private int _minBlock;
    private int _maxBlock;
    private int _lastBlock;
    private int _minFrame;
    private int _maxFrame;

    public long Frames { get; private set; }

    public long Samples { get; private set; }

    /// <summary>Begins a file.</summary>
    /// <param name="firstBlock">Samples of its first frame.</param>
    public void Begin(int firstBlock)
    {
        (Frames, Samples) = (0, 0);
        (_minBlock, _maxBlock, _lastBlock) = (int.MaxValue, 0, firstBlock);
        (_minFrame, _maxFrame) = (int.MaxValue, 0);
    }

    public void Add(int blockSize, int frameBytes)
    {
        // The last block may be smaller than the smallest.
        _minBlock = Frames > 0 ? Math.Min(_minBlock, _lastBlock) : _minBlock;
        _maxBlock = Math.Max(_maxBlock, blockSize);
        _lastBlock = blockSize;
        _minFrame = Math.Min(_minFrame, frameBytes);
        _maxFrame = Math.Max(_maxFrame, frameBytes);
        Frames++;
        Samples += blockSize;
    }

    /// <summary>What is true of the file now, less so many samples at its end that are not in it yet.</summary>
    public FlacStreamInfo ToStreamInfo(int pendingSamples) => new()
    {
        MinBlock = Math.Max(LeastBlock, Math.Min(_minBlock, Frames > 1 ? int.MaxValue : _lastBlock)),
        MaxBlock = Math.Max(LeastBlock, Frames > 0 ? _maxBlock : _lastBlock),
        MinFrame = Frames > 0 ? _minFrame : 0,
        MaxFrame = _maxFrame,
        SampleRate = format.SampleRate,
        Channels = format.Channels,
        BitsPerSample = format.BitsPerSample,
        TotalSamples = Samples - pendingSamples,
    };
}
