namespace Isr.Audio.Adts;

/// <summary>The header of an ADTS frame: AAC as it is streamed.</summary>
public readonly record struct AdtsHeader : IFrameHeader<AdtsHeader>
{
    /// <summary>Bytes of a header, without its CRC.</summary>
    public const int Size = 7;

    /// <summary>The longest frame that 13 bits announce.</summary>
    public const int MaxFrameLength = (1 << 13) - 1;

    private const int SamplesPerBlock = 1024;
    private const int CrcBytes = 2;

    // ISO/IEC 13818-7 table 35; what is beyond is reserved.
    private static readonly int[] SampleRates =
        [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    static int IFrameHeader<AdtsHeader>.HeaderBytes => Size;

    int IFrameHeader<AdtsHeader>.FrameSamples => Samples;

    public bool IsMpeg2 { get; private init; }

    public bool HasCrc { get; private init; }

    /// <summary>0 main, 1 low complexity, 2 SSR, 3 LTP.</summary>
    public int Profile { get; private init; }

    public int SampleRate { get; private init; }

    /// <summary>1 to 6 are as many channels, 7 is eight; 0: the configuration is inside the frames.</summary>
    public int ChannelConfiguration { get; private init; }

    /// <summary>Bytes of the whole frame.</summary>
    public int FrameLength { get; private init; }

    /// <summary>0x7FF for a variable bitrate.</summary>
    public int BufferFullness { get; private init; }

    /// <summary>Raw data blocks in the frame, 1 to 4.</summary>
    public int Blocks { get; private init; }

    public int Samples => Blocks * SamplesPerBlock;

    public AudioFormat Format =>
        new(AudioCodec.Aac, SampleRate, ChannelConfiguration == 7 ? 8 : ChannelConfiguration);

    /// <summary>
    /// Reads the header at the start of <paramref name="source"/> (ISO/IEC 13818-7, sections 6.2.1 and 6.2.2;
    /// 14496-3, 1.A.2.2):
    /// <code>
    /// AAAAAAAA AAAABCCD EEFFFFGH HHIJKLMM MMMMMMMM MMMNNNNN NNNNNNPP
    /// A 12  sync, all ones                 H  3  channel configuration
    /// B  1  0 MPEG-4, 1 MPEG-2             I  1  original   J 1 home
    /// C  2  layer, 0 (MPEG audio: never)   K  1  copyright id bit   L 1 its start
    /// D  1  0: a CRC-16 follows            M 13  frame length, header included
    /// E  2  profile                        N 11  buffer fullness
    /// F  4  sample rate; 13 to 15 none     P  2  raw data blocks, less one
    /// G  1  private
    /// </code>
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out AdtsHeader header)
    {
        header = default;
        if (source.Length < Size || source[0] != 0xFF || (source[1] & 0xF6) != 0xF0)
        {
            return false;
        }

        var rateIndex = (source[2] >> 2) & 15;
        var hasCrc = (source[1] & 1) == 0;
        var length = ((source[3] & 3) << 11) | (source[4] << 3) | (source[5] >> 5);
        if (rateIndex >= SampleRates.Length || length <= Size + (hasCrc ? CrcBytes : 0))
        {
            return false;
        }

        header = new AdtsHeader
        {
            IsMpeg2 = (source[1] & 8) != 0,
            HasCrc = hasCrc,
            Profile = source[2] >> 6,
            SampleRate = SampleRates[rateIndex],
            ChannelConfiguration = ((source[2] & 1) << 2) | (source[3] >> 6),
            FrameLength = length,
            BufferFullness = ((source[5] & 31) << 6) | (source[6] >> 2),
            Blocks = (source[6] & 3) + 1,
        };
        return true;
    }

    /// <summary>Whether one encoder can have made both: the decoder's configuration never changes in a stream.</summary>
    public bool IsConsistentWith(in AdtsHeader other) =>
        IsMpeg2 == other.IsMpeg2
        && Profile == other.Profile
        && SampleRate == other.SampleRate
        && ChannelConfiguration == other.ChannelConfiguration;
}
