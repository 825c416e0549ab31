using System.Buffers;
using Isr.Audio.Flac;

namespace Isr.Audio.Cutting;

/// <summary>A part of a FLAC file that is made: whole frames, or samples that are stored as they are.</summary>
/// <param name="Frames">The frames; null where it is samples.</param>
/// <param name="Samples">Interleaved, each within the bits of the format.</param>
public readonly record struct FlacExactPart(FrameCut? Frames, ReadOnlyMemory<int> Samples);

/// <summary>
/// A FLAC file that begins and ends at any sample: frames are copied with new numbers, which count samples, as blocks have different sizes then (RFC 9639,
/// section 9.1.5).
/// </summary>
/// <param name="format">Of all parts.</param>
/// <param name="parts">In their order. Of samples there are at least 16 but in the last part: smaller blocks may stand at the end alone.</param>
/// <param name="facts">What the file says of itself.</param>
public sealed class FlacExactFile(AudioFormat format, IReadOnlyList<FlacExactPart> parts, FileFacts facts) : CutFile
{
    private readonly FlacFileHead _head = new(format);
    private readonly byte[] _growing = new byte[FlacFileHead.GrowingBytes];
    private Run? _run;
    private long _written;

    public override string Extension => ".flac";

    public override void Measure(CancellationToken cancellationToken)
    {
        var head = new CountingWriter(null);
        _head.Begin(facts, 0, isExact: true, head);
        var count = new CountingWriter(null);
        var run = new Run(format, parts);
        while (run.TryWrite(count, _head))
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        (Length, Samples) = (head.Bytes + count.Bytes, _head.Samples);
        _head.Write(_growing);
    }

    public override bool TryWrite(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        if (_run is null)
        {
            _run = new Run(format, parts);
            var head = new ArrayBufferWriter<byte>();
            new FlacFileHead(format).Begin(facts, 0, isExact: true, head);
            output.Write(_growing);
            output.Write(head.WrittenSpan[_growing.Length..]);
            _written = head.WrittenCount;
            return true;
        }

        var count = new CountingWriter(output);
        var isMore = _run.TryWrite(count, head: null);
        _written += count.Bytes;
        return _written == Length || (isMore && _written < Length) ? isMore : throw new InvalidDataException("The recording was changed while it was cut.");
    }

    /// <summary>One pass over the parts.</summary>
    private sealed class Run(AudioFormat format, IReadOnlyList<FlacExactPart> parts)
    {
        private int _part;
        private int _sample;
        private CutFrames? _frames;
        private long _position;

        /// <summary>Writes about a block; false at the end.</summary>
        public bool TryWrite(IBufferWriter<byte> output, FlacFileHead? head)
        {
            for (var bytes = 0; bytes < BlockBytes;)
            {
                if (_part == parts.Count)
                {
                    return false;
                }

                if (WriteFrame(parts[_part], output, out var samples) is > 0 and var length)
                {
                    head?.Add(samples, length);
                    _position += samples;
                    bytes += length;
                }
                else
                {
                    (_part, _sample, _frames) = (_part + 1, 0, null);
                }
            }

            return true;
        }

        /// <summary>Writes the next frame of a part; 0 at its end.</summary>
        private int WriteFrame(FlacExactPart part, IBufferWriter<byte> output, out int samples)
        {
            samples = 0;
            if (part.Frames is null)
            {
                var rest = part.Samples.Span[_sample..];
                if (rest.IsEmpty)
                {
                    return 0;
                }

                samples = FlacVerbatimFrame.NextBlock(rest.Length / format.Channels);
                _sample += samples * format.Channels;
                return FlacVerbatimFrame.Write(rest[..(samples * format.Channels)], format, _position, output);
            }

            _frames ??= part.Frames.Read();
            while (_frames.TryNext(out var frame, out var isBefore))
            {
                if (!isBefore && FlacHeader.TryRead(frame.Data, out var header))
                {
                    samples = frame.Samples;
                    return FlacFrame.Write(frame.Data, header, _position, isVariable: true, output);
                }
            }

            return 0;
        }
    }
}
