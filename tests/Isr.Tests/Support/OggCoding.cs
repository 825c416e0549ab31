using System.Buffers.Binary;
using Isr.Audio;

namespace Isr.Tests.Support;

/// <summary>What the packets of a logical stream are, and how long each of them sounds.</summary>
internal sealed record OggCoding(AudioCodec Codec, int SampleRate, int HeaderCount)
{
    /// <summary>Samples that an Opus decoder drops first.</summary>
    public int PreSkip { get; private init; }

    /// <summary>Vorbis: the block size of each mode.</summary>
    private List<int> BlockSizes { get; init; } = [];

    /// <summary>As the first packet tells.</summary>
    public static OggCoding Of(ReadOnlyMemory<byte> first)
    {
        var packet = first.Span;
        if (packet.StartsWith("\u0001vorbis"u8))
        {
            return new OggCoding(AudioCodec.Vorbis, BinaryPrimitives.ReadInt32LittleEndian(packet[12..]), 3);
        }

        if (packet.StartsWith("OpusHead"u8))
        {
            return new OggCoding(AudioCodec.Opus, 48_000, 2) { PreSkip = BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]) };
        }

        // 0x7F, FLAC, version, number of further headers, fLaC, four bytes of block header, STREAMINFO.
        Assert.True(packet.StartsWith("\u007FFLAC"u8) && packet[9..].StartsWith("fLaC"u8) && packet.Length == 51, "Neither Vorbis nor Opus nor FLAC.");
        var further = BinaryPrimitives.ReadUInt16BigEndian(packet[7..]);
        return new OggCoding(AudioCodec.OggFlac, FlacSplitter.FormatOf(packet[17..]).SampleRate, 1 + further);
    }

    public OggCoding WithHeaders(IReadOnlyList<ReadOnlyMemory<byte>> headers) =>
        Codec == AudioCodec.Vorbis ? this with { BlockSizes = VorbisBlockSizes(headers[0].Span[28], headers[2].Span) } : this;

    public int SamplesOf(ReadOnlyMemory<byte> packet, ReadOnlyMemory<byte> previous) => Codec switch
    {
        AudioCodec.Vorbis => previous.Length == 0 ? 0 : (BlockOf(previous.Span) + BlockOf(packet.Span)) / 4,
        AudioCodec.Opus => OpusSamples(packet.Span),
        _ => FlacSplitter.TryHeader(packet.Span) is { } header ? header.BlockSize : throw new InvalidDataException("A packet is no FLAC frame."),
    };

    private int BlockOf(ReadOnlySpan<byte> packet)
    {
        Assert.True((packet[0] & 1) == 0, "A packet of Vorbis is no sound.");
        var bits = 0;
        while (1 << bits < BlockSizes.Count)
        {
            bits++;
        }

        return BlockSizes[packet[0] >> 1 & (1 << bits) - 1];
    }

    /// <summary>RFC 6716, section 3.1: configuration, stereo flag and frame count in the first byte.</summary>
    private static int OpusSamples(ReadOnlySpan<byte> packet)
    {
        var configuration = packet[0] >> 3;
        var frame = configuration < 12 ? new[] { 480, 960, 1920, 2880 }[configuration & 3]
            : configuration < 16 ? new[] { 480, 960 }[configuration & 1]
            : new[] { 120, 240, 480, 960 }[configuration & 3];
        return frame * ((packet[0] & 3) switch { 0 => 1, 3 => packet[1] & 63, _ => 2 });
    }

    /// <summary>
    /// The modes are the last thing in the setup header, 41 bits each (block flag, window 16, transform 16, mapping 8)
    /// behind their count (6 bits, less one) and before a framing bit: read from the end, so that the codebooks
    /// need not be understood.
    /// </summary>
    private static List<int> VorbisBlockSizes(byte sizes, ReadOnlySpan<byte> setup)
    {
        var at = setup.Length * 8 - 1;
        while (Bits(setup, at, 1) == 0)
        {
            at--;
        }

        List<int> modes = [];
        List<int> found = [];
        while (modes.Count < 64 && at > 41 + 6 + 56)
        {
            at -= 41;
            if (Bits(setup, at + 1, 32) != 0 || Bits(setup, at + 33, 8) > 63)
            {
                break;
            }

            modes.Insert(0, 1 << (Bits(setup, at, 1) == 0 ? sizes & 15 : sizes >> 4));
            found = Bits(setup, at - 6, 6) == modes.Count - 1 ? [.. modes] : found;
        }

        Assert.NotEmpty(found);
        return found;
    }

    private static long Bits(ReadOnlySpan<byte> bytes, int at, int count)
    {
        var value = 0L;
        for (var i = 0; i < count; i++)
        {
            value |= (long)(bytes[(at + i) / 8] >> (at + i) % 8 & 1) << i;
        }

        return value;
    }
}
