namespace Isr.Audio.Adts;

/// <summary>
/// Finds the frames of an ADTS stream. A frame is given out once the next header stands where it should.
/// </summary>
public sealed class AdtsFrameReader : IFrameReader
{
    private readonly FrameChain<AdtsHeader> _chain = new();

    public int LookaheadBytes { get; } = FrameChain<AdtsHeader>.Lookahead(AdtsHeader.MaxFrameLength);

    public long SkippedBytes { get; private set; }

    public string? Title => null;

    public string? Refusal => null;

    public bool TryRead(ReadOnlySpan<byte> source, bool isFinal, out int consumed, out AudioFrame frame)
    {
        if (!_chain.TryRead(source, isFinal, out consumed, out var header))
        {
            SkippedBytes += consumed;
            frame = default;
            return false;
        }

        SkippedBytes += consumed - header.FrameLength;
        var data = source.Slice(consumed - header.FrameLength, header.FrameLength);
        frame = new AudioFrame(data, header.Samples, header.Format);
        return true;
    }
}
