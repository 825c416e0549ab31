using System.Buffers;

namespace Isr.Audio.Cutting;

/// <summary>The frames of a cut, put into a file by the muxer that splits recordings.</summary>
internal sealed class MuxedCutFile(FrameCut cut, FileFacts facts) : CutFile
{
    private Run? _run;
    private byte[]? _header;
    private long _headerOffset;
    private long _written;

    public override string Extension { get; } = StreamFormats.CreateMuxer(cut.Format).Extension;

    public override void Measure(CancellationToken cancellationToken)
    {
        var run = new Run(cut, facts);
        var count = new CountingWriter(null);
        while (run.TryWrite(count))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        (Length, Samples) = (count.Bytes, run.Samples);
        _header = run.GetHeader(out _headerOffset);
    }

    public override bool TryWrite(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        if (_run is null)
        {
            _run = new Run(cut, facts);
            _written += _run.WriteHead(_header ?? throw new InvalidOperationException("The file is to be measured first."), _headerOffset, output);
        }

        var count = new CountingWriter(output);
        var isMore = _run.TryWrite(count);
        _written += count.Bytes;
        return _written == Length || (isMore && _written < Length) ? isMore : throw new InvalidDataException("The recording was changed while it was cut.");
    }

    /// <summary>One pass over the frames.</summary>
    private sealed class Run(FrameCut cut, FileFacts facts)
    {
        private readonly CutFrames _frames = cut.Read();
        private IFileMuxer? _muxer;
        private bool _hasFirst;
        private bool _isEnded;

        public long Samples { get; private set; }

        /// <summary>Puts the head out with what became true of it later; returns its length.</summary>
        public long WriteHead(ReadOnlySpan<byte> truth, long offset, IBufferWriter<byte> output)
        {
            var head = new ArrayBufferWriter<byte>();
            _hasFirst = TryBegin(head);
            var bytes = head.WrittenSpan.ToArray();
            truth.CopyTo(bytes.AsSpan((int)offset));
            output.Write(bytes);
            return bytes.Length;
        }

        public bool TryWrite(IBufferWriter<byte> output)
        {
            if (!_hasFirst)
            {
                _hasFirst = TryBegin(output);
            }

            var bytes = 0;
            while (!_isEnded && bytes < BlockBytes)
            {
                if (_frames.TryNext(out var frame, out _))
                {
                    _muxer!.Write(frame, output);
                    Samples += frame.Samples;
                    bytes += frame.Data.Length;
                }
                else
                {
                    _muxer?.Finish(output);
                    _isEnded = true;
                }
            }

            return !_isEnded;
        }

        public byte[] GetHeader(out long offset)
        {
            offset = 0;
            var header = new byte[_muxer?.MaxHeaderBytes ?? 0];
            return header[..(_muxer?.GetHeader(header, out offset) ?? 0)];
        }

        private bool TryBegin(IBufferWriter<byte> output)
        {
            AudioFormat format = default;
            while (_frames.TryNext(out var frame, out var isBefore))
            {
                if (frame.Format != format)
                {
                    (_muxer, format) = (StreamFormats.CreateMuxer(frame.Format), frame.Format);
                }

                if (isBefore)
                {
                    _muxer!.Observe(frame);
                    continue;
                }

                _muxer!.Begin(facts, frame, output);
                _muxer.Write(frame, output);
                Samples += frame.Samples;
                return true;
            }

            _isEnded = true;
            return false;
        }
    }
}
