using System.Buffers.Binary;
using Isr.Audio.Ogg;
using Isr.Audio.Tags;

namespace Isr.Audio.Opus;

/// <summary>Opus in Ogg (RFC 7845): two header packets, then audio.</summary>
internal sealed class OpusMapping : OggMapping
{
    /// <summary>"OpusHead" and "OpusTags".</summary>
    public const int MagicBytes = 8;

    public const int PreSkipOffset = 10;

    private const int HeadBytes = 19;

    private int _channels;
    private int _preSkip;

    public override int PreSkip => _preSkip;

    /// <summary>
    /// The identification header (section 5.1), little-endian:
    /// <code>
    ///  0  "OpusHead"       9  channels      12  input sample rate    18  channel mapping family, table
    ///  8  version, 0.x    10  pre-skip      16  output gain
    /// </code>
    /// </summary>
    public override HeaderVerdict TakeHeader(ReadOnlySpan<byte> packet)
    {
        if (Headers.Count == 0)
        {
            if (packet.Length < HeadBytes || !packet.StartsWith("OpusHead"u8) || packet[8] >= 16 || packet[9] == 0)
            {
                return HeaderVerdict.Broken;
            }

            _channels = packet[9];
            _preSkip = BinaryPrimitives.ReadUInt16LittleEndian(packet[PreSkipOffset..]);
            Keep(packet);
            return HeaderVerdict.More;
        }

        if (!packet.StartsWith("OpusTags"u8))
        {
            return HeaderVerdict.Broken;
        }

        Title = VorbisComments.ReadTitle(packet[MagicBytes..]);
        Keep(packet);
        return HeaderVerdict.Last;
    }

    public override AudioFormat GetFormat(StreamSetup setup) => new(AudioCodec.Opus, OpusPacket.SampleRate, _channels, Setup: setup);

    public override int Measure(ReadOnlySpan<byte> packet, ref int previous) => OpusPacket.Measure(packet);

    /// <summary>Each link has an encoder of its own, whose first samples are not to be heard: it plays right in a file of its own.</summary>
    public override bool IsContinuedBy(OggMapping next, bool isRepeat, bool wasEnded) => false;
}
