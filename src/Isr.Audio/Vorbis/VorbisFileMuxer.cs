using System.Buffers;
using Isr.Audio.Ogg;
using Isr.Audio.Tags;

namespace Isr.Audio.Vorbis;

/// <summary>
/// Writes Vorbis files. The first packet a decoder gets only prepares it, so a file begins with the last packet of the
/// file before: the files of one connection, decoded and joined, are the stream, sample for sample.
/// </summary>
public sealed class VorbisFileMuxer(AudioFormat format) : OggFileMuxer
{
    private readonly PacketBuffer _last = new();
    private readonly StreamSetup _setup = format.Setup ?? throw new ArgumentException("Vorbis needs its headers.", nameof(format));
    private long _samples;

    public override string Extension => ".ogg";

    public override AudioCodec Codec => AudioCodec.Vorbis;

    public override void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        _samples += frame.Samples;
        WritePacket(frame.Data, frame.Samples, _samples, output);
        _last.Set(frame.Data);
    }

    public override void Observe(in AudioFrame frame) => _last.Set(frame.Data);

    private protected override void BeginStream(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        _samples = 0;
        WriteFirstHeader(_setup.Headers[0], output);

        var comment = new ArrayBufferWriter<byte>(_setup.Headers[1].Length + VorbisComments.OwnBytes);
        comment.Write(_setup.Headers[1].AsSpan(0, VorbisHeader.PreambleBytes));
        VorbisComments.Write(facts, _setup.Headers[1].AsSpan(VorbisHeader.PreambleBytes), comment);
        comment.Write("\u0001"u8);
        WriteHeader(comment.WrittenSpan, isLast: false, output);
        WriteHeader(_setup.Headers[2], isLast: true, output);

        if (_last.Length > 0)
        {
            WritePacket(_last.Span, 0, 0, output);
        }
    }
}
