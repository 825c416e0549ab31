using System.Buffers;
using System.Buffers.Binary;
using Isr.Audio.Ogg;
using Isr.Audio.Tags;

namespace Isr.Audio.Opus;

/// <summary>
/// Writes Opus files. A file repeats the packets before it (<see cref="OpusPreroll"/>) and has the decoder drop what they
/// give by a pre-skip of the same length (RFC 7845, section 4.2): the files of one connection, decoded and joined, are
/// as long as the stream to the sample and sound as it does.
/// </summary>
public sealed class OpusFileMuxer(AudioFormat format) : OggFileMuxer
{
    private readonly OpusPreroll _preroll = new();
    private readonly StreamSetup _setup = format.Setup ?? throw new ArgumentException("Opus needs its headers.", nameof(format));

    // Of the stream's own pre-skip, which lies at its beginning.
    private int _skipLeft = BinaryPrimitives.ReadUInt16LittleEndian(format.Setup.Headers[0].AsSpan(OpusMapping.PreSkipOffset));

    // In the present file: what its decoder drops, what it has been given, and what of that is heard.
    private int _preSkip;
    private long _decoded;
    private long _heard;

    public override string Extension => ".opus";

    public override AudioCodec Codec => AudioCodec.Opus;

    public override void Write(in AudioFrame frame, IBufferWriter<byte> output)
    {
        _heard += frame.Samples;
        AddPacket(frame.Data, frame.Samples, output);
        Remember(frame.Data);
    }

    public override void Observe(in AudioFrame frame) => Remember(frame.Data);

    private protected override void BeginStream(in FileFacts facts, in AudioFrame first, IBufferWriter<byte> output)
    {
        _preSkip = _preroll.Samples + Math.Min(_skipLeft, OpusPacket.Measure(first.Data));
        (_decoded, _heard) = (0, 0);

        byte[] head = [.. _setup.Headers[0]];
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(OpusMapping.PreSkipOffset), (ushort)_preSkip);
        WriteFirstHeader(head, output);

        var tags = new ArrayBufferWriter<byte>(_setup.Headers[1].Length + VorbisComments.OwnBytes);
        tags.Write("OpusTags"u8);
        VorbisComments.Write(facts, _setup.Headers[1].AsSpan(OpusMapping.MagicBytes), tags);
        WriteHeader(tags.WrittenSpan, isLast: true, output);

        foreach (var packet in _preroll)
        {
            AddPacket(packet, 0, output);
        }
    }

    /// <summary>
    /// The granule position counts what is decoded, the pre-skip included; at the end of a link, where the last packet is
    /// heard in part only, it stops at what is heard (section 4.4).
    /// </summary>
    private void AddPacket(ReadOnlySpan<byte> packet, int samples, IBufferWriter<byte> output)
    {
        _decoded += Math.Max(0, OpusPacket.Measure(packet));
        WritePacket(packet, samples, Math.Min(_decoded, _preSkip + _heard), output);
    }

    private void Remember(ReadOnlySpan<byte> packet)
    {
        _preroll.Add(packet);
        _skipLeft = Math.Max(0, _skipLeft - OpusPacket.Measure(packet));
    }
}
