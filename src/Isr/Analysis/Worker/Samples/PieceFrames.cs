using Isr.Audio;
using Isr.Audio.Sniffing;
using Isr.Codecs;

namespace Isr.Analysis.Worker.Samples;

/// <summary>Goes through the frames of a piece.</summary>
internal sealed class PieceFrames(StreamKind container, ReadOnlyMemory<byte> piece)
{
    private readonly IFrameReader _reader = StreamFormats.CreateReader(container);
    private int _at;

    /// <summary>False at the end.</summary>
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

/// <summary>A head that is true of the frames, and then these.</summary>
internal sealed class PieceFlac(byte[] head, PieceFrames frames) : IFlacSource
{
    private byte[] _pending = head;
    private int _start;
    private int _end = head.Length;

    public int Read(Span<byte> destination)
    {
        if (_start == _end)
        {
            if (!frames.TryNext(out var frame))
            {
                return 0;
            }

            _pending = _pending.Length >= frame.Data.Length ? _pending : new byte[frame.Data.Length];
            frame.Data.CopyTo(_pending);
            (_start, _end) = (0, frame.Data.Length);
        }

        var count = Math.Min(destination.Length, _end - _start);
        _pending.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }
}
