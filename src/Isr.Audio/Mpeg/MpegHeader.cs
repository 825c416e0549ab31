using System.Buffers.Binary;

namespace Isr.Audio.Mpeg;

/// <summary>The header of an MPEG audio frame: versions 1, 2 and 2.5, layers I, II and III.</summary>
public readonly record struct MpegHeader : IFrameHeader<MpegHeader>
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 4;

    // kbit/s by bitrate index 1..14, ISO/IEC 11172-3 section 2.4.2.3 and 13818-3 section 2.4.2.3.
    private static readonly short[] Mpeg1Layer1 = [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
    private static readonly short[] Mpeg1Layer2 = [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
    private static readonly short[] Mpeg1Layer3 = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly short[] LsfLayer1 = [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
    private static readonly short[] LsfLayer2And3 = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly int[] Mpeg1SampleRates = [44100, 48000, 32000];

    /// <summary>The longest frame that any header announces (2,881 bytes: layer II, 160 kbit/s at 8 kHz, padded).</summary>
    public static int MaxFrameLength { get; } = Longest(anyLayer: true);

    /// <summary>The longest frame of layer III (1,441 bytes).</summary>
    public static int MaxLayer3FrameLength { get; } = Longest(anyLayer: false);

    static int IFrameHeader<MpegHeader>.HeaderBytes => Size;

    int IFrameHeader<MpegHeader>.FrameSamples => SamplesPerFrame;

    public MpegVersion Version { get; private init; }

    /// <summary>1, 2 or 3.</summary>
    public int Layer { get; private init; }

    /// <summary>Bits per second; 0 for free format.</summary>
    public int Bitrate { get; private init; }

    public int SampleRate { get; private init; }

    public bool HasPadding { get; private init; }

    public bool HasCrc { get; private init; }

    public MpegChannelMode Mode { get; private init; }

    /// <summary>Bytes of the whole frame; 0 for free format, where only the next header tells.</summary>
    public int FrameLength { get; private init; }

    public bool IsFreeFormat => Bitrate == 0;

    /// <summary>MPEG-2 and 2.5: half the sample rate, and in layer III one granule a frame.</summary>
    public bool IsLsf => Version != MpegVersion.Mpeg1;

    public int Channels => Mode == MpegChannelMode.Mono ? 1 : 2;

    public int SamplesPerFrame => Layer switch
    {
        1 => 384,
        3 when IsLsf => 576,
        _ => 1152,
    };

    /// <summary>Layer III: bytes of side information after the header and its CRC.</summary>
    public int SideInfoLength => (Channels, IsLsf) switch
    {
        (1, false) => 17,
        (1, true) => 9,
        (_, false) => 32,
        _ => 17,
    };

    /// <summary>Layer III: where the main data begins in the frame.</summary>
    public int MainDataOffset => Size + (HasCrc ? 2 : 0) + SideInfoLength;

    public AudioFormat Format => new(
        Layer switch
        {
            1 => AudioCodec.MpegLayer1,
            2 => AudioCodec.MpegLayer2,
            _ => AudioCodec.MpegLayer3,
        },
        SampleRate,
        Channels);

    /// <summary>
    /// Reads the header at the start of <paramref name="source"/> (ISO/IEC 11172-3, section 2.4.1.3):
    /// <code>
    /// AAAAAAAA AAABBCCD EEEEFFGH IIJJKLMM
    /// A 11  sync, all ones            G 1  padding (one slot more: 4 bytes in layer I, else 1)
    /// B  2  0 MPEG-2.5, 2 MPEG-2, 3 MPEG-1   H 1  private
    /// C  2  3 layer I, 2 II, 1 III    I 2  mode, 3 is mono
    /// D  1  0: a CRC-16 follows       J 2  mode extension
    /// E  4  bitrate; 0 free, 15 none  K 1  copyright   L 1  original
    /// F  2  sample rate; 3 reserved   M 2  emphasis; 2 reserved, yet met in the wild
    /// </code>
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out MpegHeader header)
    {
        header = default;
        if (source.Length < Size)
        {
            return false;
        }

        var bits = BinaryPrimitives.ReadUInt32BigEndian(source);
        var version = (int)(bits >> 19) & 3;
        var layer = 4 - ((int)(bits >> 17) & 3);
        var bitrateIndex = (int)(bits >> 12) & 15;
        var rateIndex = (int)(bits >> 10) & 3;
        if (bits >> 21 != 0x7FF || version == 1 || layer == 4 || bitrateIndex == 15 || rateIndex == 3)
        {
            return false;
        }

        header = Create(
            version switch { 3 => MpegVersion.Mpeg1, 2 => MpegVersion.Mpeg2, _ => MpegVersion.Mpeg25 },
            layer,
            bitrateIndex,
            rateIndex,
            ((bits >> 9) & 1) != 0) with
        {
            HasCrc = ((bits >> 16) & 1) == 0,
            Mode = (MpegChannelMode)((bits >> 6) & 3),
        };
        return true;
    }

    /// <summary>Whether one encoder can have made both: version, layer, sample rate and mono or not never change in a stream.</summary>
    public bool IsConsistentWith(in MpegHeader other) =>
        Version == other.Version && Layer == other.Layer && SampleRate == other.SampleRate && Channels == other.Channels;

    /// <summary>
    /// Layer III: how many bytes of the frames before it this frame's main data begins with (the bit reservoir;
    /// 9 bits in ISO/IEC 11172-3 section 2.4.1.7, 8 bits in 13818-3).
    /// </summary>
    internal int ReadMainDataBegin(ReadOnlySpan<byte> frame)
    {
        var sideInfo = Size + (HasCrc ? 2 : 0);
        return IsLsf ? frame[sideInfo] : (frame[sideInfo] << 1) | (frame[sideInfo + 1] >> 7);
    }

    private static MpegHeader Create(MpegVersion version, int layer, int bitrateIndex, int rateIndex, bool padding)
    {
        var kilobits = (version == MpegVersion.Mpeg1, layer) switch
        {
            (true, 1) => Mpeg1Layer1,
            (true, 2) => Mpeg1Layer2,
            (true, _) => Mpeg1Layer3,
            (false, 1) => LsfLayer1,
            _ => LsfLayer2And3,
        };
        var bitrate = bitrateIndex == 0 ? 0 : kilobits[bitrateIndex - 1] * 1000;
        var sampleRate = Mpeg1SampleRates[rateIndex] >> (int)version;
        var slot = padding ? 1 : 0;
        var length = (layer, version) switch
        {
            _ when bitrate == 0 => 0,
            (1, _) => ((12 * bitrate / sampleRate) + slot) * 4,
            (3, not MpegVersion.Mpeg1) => (72 * bitrate / sampleRate) + slot,
            _ => (144 * bitrate / sampleRate) + slot,
        };
        return new MpegHeader
        {
            Version = version,
            Layer = layer,
            Bitrate = bitrate,
            SampleRate = sampleRate,
            HasPadding = padding,
            FrameLength = length,
        };
    }

    private static int Longest(bool anyLayer)
    {
        var longest = 0;
        foreach (var version in (ReadOnlySpan<MpegVersion>)[MpegVersion.Mpeg1, MpegVersion.Mpeg2, MpegVersion.Mpeg25])
        {
            for (var layer = anyLayer ? 1 : 3; layer <= 3; layer++)
            {
                for (var rateIndex = 0; rateIndex < 3; rateIndex++)
                {
                    longest = Math.Max(longest, Create(version, layer, bitrateIndex: 14, rateIndex, padding: true).FrameLength);
                }
            }
        }

        return longest;
    }
}
