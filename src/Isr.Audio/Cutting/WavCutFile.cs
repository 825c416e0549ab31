using System.Buffers;
using Isr.Audio.Wav;

namespace Isr.Audio.Cutting;

/// <summary>Samples of WAV files as they are, behind a head that is all known beforehand.</summary>
internal sealed class WavCutFile : CutFile
{
    private readonly CutFrames _frames;
    private readonly byte[] _head;
    private readonly int _padding;
    private long _written;

    public WavCutFile(FrameCut cut, FileFacts facts)
    {
        var file = (WavCodedFile)cut.Parts[0].File;
        Samples = cut.Parts.Sum(part => part.To - part.First);
        var dataBytes = Samples * file.BlockAlign;
        _padding = (int)(dataBytes & 1);

        // What is no plain PCM must tell its samples in a fact chunk.
        var hasFact = file.IsFloat || file.FormatChunk.Length == WavChunks.ExtensibleFormat;
        _head = WavHead.Make(file.Format, facts, file.FormatChunk, hasFact);
        WavHead.WriteSizes(_head, hasFact, dataBytes, Samples, _padding > 0);
        Length = _head.Length + dataBytes + _padding;
        _frames = cut.Read();
    }

    public override string Extension => ".wav";

    public override void Measure(CancellationToken cancellationToken)
    {
    }

    public override bool TryWrite(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        if (_written == 0)
        {
            output.Write(_head);
            _written = _head.Length;
            return true;
        }

        if (_frames.TryNext(out var frame, out _))
        {
            output.Write(frame.Data);
            _written += frame.Data.Length;
            return true;
        }

        // Chunks are padded to an even length, which their own size does not count.
        output.Write(stackalloc byte[_padding]);
        _written += _padding;
        return _written == Length ? false : throw new InvalidDataException("The recording was changed while it was cut.");
    }
}
