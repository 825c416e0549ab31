using Isr.Audio;
using Isr.Audio.Sniffing;

namespace Isr.Analysis.Worker.Samples;

/// <summary>Goes through the frames of a piece.</summary>
internal sealed class PieceFrames(StreamKind container, ReadOnlyMemory<byte> piece) : IFrames
{
    private readonly IFrameReader _reader = StreamFormats.CreateReader(container);
    private int _at;

    public bool TryNext(out AudioFrame frame)
    {
        while (true)
        {
            var found = _reader.TryRead(piece.Span[_at..], isFinal: true, out var consumed, out frame);
            _at += consumed;
            if (found || consumed == 0)
            {
                return found;
            }
        }
    }
}
