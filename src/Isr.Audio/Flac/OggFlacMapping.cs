using System.Buffers.Binary;
using Isr.Audio.Ogg;
using Isr.Audio.Tags;

namespace Isr.Audio.Flac;

/// <summary>
/// FLAC in Ogg (RFC 9639, section 10.1): a packet with STREAMINFO, a packet for each other metadata block, then a
/// packet for each frame.
/// </summary>
internal sealed class OggFlacMapping : OggMapping
{
    /// <summary>The first packet.</summary>
    public const int FirstPacketBytes = StreamInfoOffset + FlacStreamInfo.Size;

    /// <summary>Where STREAMINFO is in it, its block header left out.</summary>
    public const int StreamInfoOffset = 17;

    private FlacStreamInfo _info;
    private bool _hasInfo;

    public override bool NeedsEveryPacket => true;

    /// <summary>Writes the first packet: a marker, the version 1.0, how many packets of metadata follow, then a stream's beginning.</summary>
    public static void WriteFirstPacket(int blocks, in FlacStreamInfo info, Span<byte> destination)
    {
        "\u007FFLAC\u0001\0"u8.CopyTo(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[7..], (ushort)blocks);
        FlacBlock.Marker.CopyTo(destination[9..]);
        new FlacBlock(FlacBlockType.StreamInfo, FlacStreamInfo.Size, IsLast: false).Write(destination[13..]);
        info.Write(destination[StreamInfoOffset..]);
    }

    /// <summary>
    /// The first packet also says how many blocks follow, but encoders are known to miscount: the block that calls itself
    /// the last is believed, and the first frame.
    /// </summary>
    public override HeaderVerdict TakeHeader(ReadOnlySpan<byte> packet)
    {
        if (!_hasInfo)
        {
            _hasInfo = packet.Length >= FirstPacketBytes
                && packet[5] == 1
                && packet[9..].StartsWith(FlacBlock.Marker)
                && FlacStreamInfo.TryRead(packet[StreamInfoOffset..], out _info);
            return _hasInfo ? HeaderVerdict.More : HeaderVerdict.Broken;
        }

        if (FlacHeader.TryRead(packet, out _))
        {
            return HeaderVerdict.Audio;
        }

        if (packet.Length < FlacBlock.HeaderBytes)
        {
            return HeaderVerdict.Broken;
        }

        var block = FlacBlock.Read(packet);
        if (block.Type == FlacBlockType.Forbidden || block.Length != packet.Length - FlacBlock.HeaderBytes)
        {
            return HeaderVerdict.Broken;
        }

        if (block.Type == FlacBlockType.VorbisComment)
        {
            Title = VorbisComments.ReadTitle(packet[FlacBlock.HeaderBytes..]);
        }

        if (FlacBlock.IsKept(block.Type))
        {
            Keep(packet);
        }

        return block.IsLast ? HeaderVerdict.Last : HeaderVerdict.More;
    }

    public override AudioFormat GetFormat(StreamSetup setup) =>
        new(AudioCodec.OggFlac, _info.SampleRate, _info.Channels, _info.BitsPerSample, setup);

    public override int Measure(ReadOnlySpan<byte> packet, ref int previous) =>
        FlacHeader.TryRead(packet, out var header) && IsOurs(header) && FlacFrame.HasValidCrc(packet) ? header.BlockSize : -1;

    /// <summary>
    /// Frames need nothing of each other, and files number samples instead of frames, so that the short block at the
    /// end of a link may stand anywhere. A link that was broken off may have lost something.
    /// </summary>
    public override bool IsContinuedBy(OggMapping next, bool isRepeat, bool wasEnded) =>
        wasEnded
        && next is OggFlacMapping { _info: var info }
        && (info.SampleRate, info.Channels, info.BitsPerSample) == (_info.SampleRate, _info.Channels, _info.BitsPerSample);

    private bool IsOurs(in FlacHeader header) =>
        header.Channels == _info.Channels
        && (header.SampleRate == 0 || header.SampleRate == _info.SampleRate)
        && (header.BitsPerSample == 0 || header.BitsPerSample == _info.BitsPerSample);
}
