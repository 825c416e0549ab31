using Isr.Audio.Ogg;
using Isr.Audio.Tags;

namespace Isr.Audio.Vorbis;

/// <summary>Vorbis in Ogg (Vorbis I specification, appendix A): three header packets, then audio.</summary>
internal sealed class VorbisMapping : OggMapping
{
    private VorbisHeader _header;
    private VorbisModes _modes;

    public override bool MayBeRepeated => true;

    public override HeaderVerdict TakeHeader(ReadOnlySpan<byte> packet)
    {
        var isValid = Headers.Count switch
        {
            0 => VorbisHeader.TryRead(packet, out _header),
            1 => VorbisHeader.IsHeader(packet, VorbisHeader.CommentType),
            _ => VorbisHeader.IsHeader(packet, VorbisHeader.SetupType) && VorbisModes.TryRead(packet, out _modes),
        };
        if (!isValid)
        {
            return HeaderVerdict.Broken;
        }

        if (Headers.Count == 1)
        {
            Title = VorbisComments.ReadTitle(packet[VorbisHeader.PreambleBytes..]);
        }

        Keep(packet);
        return Headers.Count == 3 ? HeaderVerdict.Last : HeaderVerdict.More;
    }

    public override AudioFormat GetFormat(StreamSetup setup) =>
        new(AudioCodec.Vorbis, _header.SampleRate, _header.Channels, Setup: setup);

    /// <summary>
    /// Blocks overlap by halves, so a packet completes half of the block before it and half of its own (section 4.3.8);
    /// the first completes nothing.
    /// </summary>
    public override int Measure(ReadOnlySpan<byte> packet, ref int previous)
    {
        var block = _modes.BlockSizeOf(packet, _header);
        if (block == 0)
        {
            return -1;
        }

        var samples = previous == 0 ? 0 : (previous + block) / 4;
        previous = block;
        return samples;
    }

    /// <summary>
    /// Icecast makes a new link for each title, with the same headers but for the comment, and begins it with the last
    /// packet of the old one to prepare decoders. Leaving that out gives the stream as the encoder made it.
    /// </summary>
    public override bool IsContinuedBy(OggMapping next, bool isRepeat, bool wasEnded) =>
        isRepeat
        && next is VorbisMapping
        && next.Headers[0].AsSpan().SequenceEqual(Headers[0])
        && next.Headers[2].AsSpan().SequenceEqual(Headers[2]);
}
