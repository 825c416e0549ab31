using System.Buffers;
using Isr.Audio.Ogg;

namespace Isr.Audio.Flac;

/// <summary>
/// Writes FLAC in Ogg. Frames are numbered by their first sample, so that blocks of any size may follow one another, and
/// each has a page of its own, as the reference encoder does it: players seek to pages. STREAMINFO on the first page is
/// written again with every write, so that its counts are true while the file grows.
/// </summary>
public sealed class OggFlacFileMuxer(AudioFormat format) : OggFileMuxer
{
    private static readonly int FirstPageBytes = OggPageWriter.BytesOf(OggFlacMapping.FirstPacketBytes);

    private readonly StreamSetup _setup = format.Setup ?? throw new ArgumentException("FLAC in Ogg needs its headers.", nameof(format));
    private readonly FlacFileCounts _counts = new(format);
    private readonly ArrayBufferWriter<byte> _frame = new();
    private int _blocks;

    public override string Extension => ".ogg";

    public override AudioCodec Codec => AudioCodec.OggFlac;

    public override int MaxHeaderBytes => FirstPageBytes;

    public override void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        if (!FlacHeader.TryRead(frame.Data, out var header))
        {
            return;
        }

        _frame.ResetWrittenCount();
        FlacFrame.Write(frame.Data, header, _counts.Samples, isVariable: true, _frame);
        _counts.Add(header.BlockSize, _frame.WrittenCount);
        WritePacket(_frame.WrittenSpan, frame.Samples, _counts.Samples, output);
        Flush(output);
    }

    public override int GetHeader(Span<byte> destination, out long offset)
    {
        offset = 0;
        Span<byte> packet = stackalloc byte[OggFlacMapping.FirstPacketBytes];
        OggFlacMapping.WriteFirstPacket(_blocks, _counts.ToStreamInfo(PendingSamples), packet);
        return OggPageWriter.WriteFirst(Serial, packet, destination);
    }

    private protected override void BeginStream(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        var blocks = FlacFileBlocks.Make(_setup, facts);
        _blocks = blocks.Count;
        _counts.Begin(first.Samples);

        Span<byte> packet = stackalloc byte[OggFlacMapping.FirstPacketBytes];
        OggFlacMapping.WriteFirstPacket(_blocks, _counts.ToStreamInfo(0), packet);
        WriteFirstHeader(packet, output);
        for (var i = 0; i < blocks.Count; i++)
        {
            WriteHeader(blocks[i], isLast: i == blocks.Count - 1, output);
        }
    }
}
