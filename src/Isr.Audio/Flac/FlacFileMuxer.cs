using System.Buffers;
using System.Diagnostics;

namespace Isr.Audio.Flac;

/// <summary>
/// Writes FLAC files. Frames stand alone, so nothing is repeated; but players find their way by the frames' numbers, so
/// these begin with 0 in each file. The header's counts are those of the file as far as it is put out.
/// </summary>
public sealed class FlacFileMuxer(AudioFormat format) : IFileMuxer
{
    private readonly FlacFileHead _head = new(format);
    private bool _isVariable;

    public string Extension => ".flac";

    public AudioCodec Codec => AudioCodec.Flac;

    public int MaxHeaderBytes => FlacFileHead.GrowingBytes;

    public int PendingSamples => 0;

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        _isVariable = FlacHeader.TryRead(first.Data, out var header) && header.IsVariable;
        _head.Begin(facts, first.Samples, isExact: false, output);
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        var isRead = FlacHeader.TryRead(frame.Data, out var header);
        Debug.Assert(isRead, "the reader gives out frames");
        var length = FlacFrame.Write(frame.Data, header, _isVariable ? _head.Samples : _head.Frames, _isVariable, output);
        _head.Add(frame.Samples, length);
    }

    public void Flush(IBufferWriter<byte> output)
    {
    }

    public void Finish(IBufferWriter<byte> output)
    {
    }

    public void Observe(in AudioFrame frame)
    {
    }

    public int GetHeader(Span<byte> destination, out long offset)
    {
        offset = 0;
        return _head.Write(destination);
    }
}
