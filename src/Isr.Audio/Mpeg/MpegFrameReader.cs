namespace Isr.Audio.Mpeg;

/// <summary>
/// Finds the frames of an MPEG audio stream. A frame is given out once the next header stands where it should, so a
/// half frame, left where a server switched encoders, is not. Tags and other garbage are skipped, and so are the
/// Xing, Info and VBRI frames at the head of files that were turned into a stream: they hold no audio.
/// </summary>
public sealed class MpegFrameReader : IFrameReader
{
    private readonly FrameChain<MpegHeader> _chain = new();
    private readonly MpegFreeFormat _freeFormat = new();

    public int LookaheadBytes { get; } = FrameChain<MpegHeader>.Lookahead(MpegHeader.MaxFrameLength);

    public long SkippedBytes { get; private set; }

    public string? Title => null;

    public string? Refusal => _freeFormat.IsFound
        ? "The stream is free-format MPEG audio (its headers name no bitrate), which hardly any player opens."
        : null;

    public bool TryRead(ReadOnlySpan<byte> source, bool isFinal, out int consumed, out AudioFrame frame)
    {
        consumed = 0;
        while (true)
        {
            var found = _chain.TryRead(source[consumed..], isFinal, out var taken, out var header);
            var garbage = source.Slice(consumed, taken - (found ? header.FrameLength : 0));
            SkippedBytes += garbage.Length;
            if (garbage.Length > 0)
            {
                _freeFormat.Examine(garbage);
            }

            consumed += taken;
            if (!found)
            {
                frame = default;
                return false;
            }

            _freeFormat.Reset();
            var data = source.Slice(consumed - header.FrameLength, header.FrameLength);
            if (!MpegInfoFrame.IsInfoFrame(header, data))
            {
                frame = new AudioFrame(data, header.SamplesPerFrame, header.Format);
                return true;
            }

            SkippedBytes += data.Length;
        }
    }
}
