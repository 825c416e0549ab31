using System.Buffers;
using Isr.Audio;

namespace Isr.Analysis.Growing;

/// <summary>Frames that follow on those of the piece before, gathered to be decoded by themselves.</summary>
internal abstract class Piece
{
    /// <summary>Samples per channel of the frames of this piece.</summary>
    public long Samples { get; protected set; }

    /// <summary>Samples per channel that are decoded before those, and were heard already.</summary>
    public long OverlapSamples { get; protected set; }

    public abstract void Add(in AudioFrame frame);

    /// <summary>What a decoder is to be given; good until the next call.</summary>
    public abstract ReadOnlyMemory<byte> ToBytes();

    /// <summary>The next piece begins.</summary>
    public abstract void Clear();
}

/// <summary>For codecs whose muxer makes files that decode, joined, to the whole: each piece is such a file.</summary>
internal sealed class MuxedPiece(AudioFormat format) : Piece
{
    private readonly IFileMuxer _muxer = StreamFormats.CreateMuxer(format);
    private readonly ArrayBufferWriter<byte> _file = new();
    private byte[] _bytes = [];
    private bool _isBegun;

    public override void Add(in AudioFrame frame)
    {
        if (!_isBegun && frame.Samples == 0)
        {
            _muxer.Observe(frame);
            return;
        }

        if (!_isBegun)
        {
            _muxer.Begin(new FileFacts("", DateTimeOffset.UnixEpoch), frame, _file);
            _isBegun = true;
        }

        _muxer.Write(frame, _file);
        Samples += frame.Samples;
    }

    public override ReadOnlyMemory<byte> ToBytes()
    {
        _muxer.Finish(_file);
        _bytes = _file.WrittenSpan.ToArray();
        var header = new byte[_muxer.MaxHeaderBytes];
        var length = _muxer.GetHeader(header, out var offset);
        header.AsSpan(0, length).CopyTo(_bytes.AsSpan((int)offset));
        return _bytes;
    }

    public override void Clear()
    {
        _bytes = [];
        _file.Clear();
        (Samples, _isBegun) = (0, false);
    }
}

/// <summary>For codecs that can be cut between any frames, but need some before a cut to decode it right.</summary>
internal sealed class OverlappingPiece : Piece
{
    /// <summary>
    /// Frames that are decoded again. The transform overlaps by one frame, and a filter bank or two; what HE-AAC needs to know before it can
    /// fill in the upper half of the spectrum is sent every half second or so (ISO/IEC 14496-3, 4.5.2.8.2.1 leaves it to the encoder).
    /// </summary>
    private const int OverlapFrames = 64;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Queue<(int Bytes, int Samples)> _frames = [];

    public override void Add(in AudioFrame frame)
    {
        _bytes.Write(frame.Data);
        _frames.Enqueue((frame.Data.Length, frame.Samples));
        Samples += frame.Samples;
    }

    public override ReadOnlyMemory<byte> ToBytes() => _bytes.WrittenMemory;

    public override void Clear()
    {
        var left = _bytes.WrittenCount;
        while (_frames.Count > OverlapFrames)
        {
            left -= _frames.Dequeue().Bytes;
        }

        var kept = _bytes.WrittenSpan[^left..].ToArray();
        _bytes.Clear();
        _bytes.Write(kept);
        (Samples, OverlapSamples) = (0, _frames.Sum(f => (long)f.Samples));
    }
}
