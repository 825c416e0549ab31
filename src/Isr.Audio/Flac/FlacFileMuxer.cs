using System.Buffers;
using System.Diagnostics;

namespace Isr.Audio.Flac;

/// <summary>
/// Writes FLAC files. Frames stand alone, so nothing is repeated; but players find their way by the frames' numbers, so
/// these begin with 0 in each file. The header's counts are those of the file as far as it is put out.
/// </summary>
public sealed class FlacFileMuxer(AudioFormat format) : IFileMuxer
{
    private readonly FlacFileCounts _counts = new(format);
    private bool _isVariable;

    public string Extension => ".flac";

    public AudioCodec Codec => AudioCodec.Flac;

    public int MaxHeaderBytes => FlacMetadata.StartBytes;

    public int PendingSamples => 0;

    public void Begin(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        _isVariable = FlacHeader.TryRead(first.Data, out var header) && header.IsVariable;
        _counts.Begin(first.Samples);
        output.Advance(GetHeader(output.GetSpan(MaxHeaderBytes), out _));
        foreach (var block in FlacFileBlocks.Make(format.Setup, facts))
        {
            output.Write(block);
        }
    }

    public void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);

        var isRead = FlacHeader.TryRead(frame.Data, out var header);
        Debug.Assert(isRead, "the reader gives out frames");
        var length = FlacFrame.Write(frame.Data, header, _isVariable ? _counts.Samples : _counts.Frames, _isVariable, output);
        _counts.Add(frame.Samples, length);
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
        FlacBlock.Marker.CopyTo(destination);
        destination = destination[FlacBlock.Marker.Length..];
        new FlacBlock(FlacBlockType.StreamInfo, FlacStreamInfo.Size, IsLast: false).Write(destination);
        _counts.ToStreamInfo(pendingSamples: 0).Write(destination[FlacBlock.HeaderBytes..]);
        return MaxHeaderBytes;
    }
}
